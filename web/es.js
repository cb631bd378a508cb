// Every word the element says, in Spanish. Loaded only if the page or the browser asks for Spanish.
/** @import {Messages} from './types.js' */

/** @type {Messages} */
const es = {
  signIn: 'Entrar con GitHub',
  signOut: 'Cerrar sesión',
  other: 'Usar otra cuenta',
  profile: 'Tu perfil en GitHub',
  manage: 'Gestionar el acceso en GitHub',
  retry: 'Reintentar',
  cancel: 'Cancelar',
  again: 'Entrar de nuevo',
  renew: 'Para abrir esta página, entra de nuevo.',
  open: 'Abrir esta página para entrar',
  starting: 'Un momento…',
  'signed-out': 'GitHub te pregunta si estás de acuerdo y después vuelves aquí.',
  busy: 'Un momento…',
  popup: 'Continúa en la ventana que se ha abierto.',
  close: 'Ya puedes cerrar esta ventana.',
  installed: 'Vuelves de GitHub. Ahora entra aquí.',
  'signed-in': 'Has iniciado sesión.',
  framed: 'No se puede entrar desde dentro de otra página.',
  wait: (seconds) => ` Espera antes ${seconds} segundos.`,
  sentences: {
    state_unknown: 'Empezaste en otro navegador o en otra pestaña. Entra de nuevo aquí.',
    'state_mismatch duplicate_parameter issuer_mismatch':
      'La respuesta no corresponde a este inicio de sesión, así que no se ha usado. Entra de nuevo.',
    'code_rejected callback_expired': 'El inicio de sesión tardó demasiado o ya se había usado. Entra de nuevo.',
    callback_lost: 'La respuesta de GitHub no llegó a esta página. Avisa a quienes mantienen este sitio.',
    'no_session session_expired use_dpop_nonce': 'Tu sesión ha terminado. Entra de nuevo.',
    not_allowed: 'Has iniciado sesión, pero esta página no está abierta a tu cuenta.',
    too_old: 'Entraste hace tiempo y esta página pide hacerlo otra vez. Entra de nuevo.',
    gate_disagrees:
      'Has iniciado sesión, pero el servidor de este sitio no lo acepta. Avisa a quienes mantienen este sitio.',
    access_denied: 'No diste tu permiso en GitHub, así que no se ha compartido nada. Puedes entrar cuando quieras.',
    scope_missing: 'Falta un permiso que esta página necesita. Entra de nuevo y concédelo.',
    email_unverified: 'Verifica tu correo electrónico en GitHub y entra de nuevo.',
    storage_blocked: 'Tu navegador bloquea aquí las cookies y los datos de sitios. Permítelos e inténtalo de nuevo.',
    insecure_page: 'Esta página llegó por una conexión no segura. Abre su dirección https:// para entrar.',
    offline: 'No tienes conexión. Conéctate a internet e inténtalo de nuevo.',
    proxy_unreachable: 'No se puede contactar con el servicio de acceso. Inténtalo de nuevo en un minuto.',
    'proxy_timeout request_timeout': 'El servicio de acceso no responde. Inténtalo de nuevo en un minuto.',
    local_network_denied:
      'Tu navegador no deja que esta página llegue a tu red local. Permíteselo e inténtalo de nuevo.',
    core_unavailable: 'No se ha cargado una parte de esta página. Recárgala o prueba con otro navegador.',
    browser_unsupported: 'A este navegador le falta algo para poder entrar. Actualízalo o usa otro.',
    'rate_limited overloaded upstream_rate_limited':
      'Hay mucha gente entrando ahora mismo. Inténtalo de nuevo en un minuto.',
    'upstream_unreachable upstream_timeout upstream_refused upstream_invalid upstream_tls':
      'Ahora mismo no se puede contactar con GitHub. Inténtalo de nuevo en un minuto.',
    'app_suspended redirect_uri_mismatch proxy_misconfigured proxy_conflict proxy_invalid cross_site_off origin_refused call_blocked option_invalid':
      'El acceso no está bien configurado en este sitio. Avisa a quienes lo mantienen.',
    '': 'Algo ha fallado por nuestra parte. Inténtalo de nuevo en un minuto.',
  },
};

export default es;
