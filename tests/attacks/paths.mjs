// Ways to write a path that some server, proxy or rule takes for the plain one.

const percent = (letter) => `%${letter.charCodeAt(0).toString(16).padStart(2, '0')}`;

/** Targets that are not `path`, and that portero must not take for it. */
export function pathsLike(path) {
  const [inner, last] = [path.slice(1), path.replace(/\/$/, '').split('/').pop()];
  const folder = path.endsWith('/');
  const before = [
    '//', '///', '/./', '/.//', '/../', '/../../', '/x/../', '/%2e/', '/%2e%2e/', '/.%2e/', '/%2f', '/%252f',
    '/%5c', '/\\', '/;/', '/.;/', '/..;/', '/x/..;/', '/%00/', '/%20', '/%09', '/~/',
    '/v1/../', '/healthz/../', '/healthz;/', '/healthz%2f..%2f', '/web/..%2f', '/\u2025/',
    '/%c0%af', '/%c0%ae/', '/%uff0f', '/http://portero.example/',
  ];
  const behind = [
    '%00', '%00.js', '%20', '%09', '%0a', '%0d%0a', '%0d%0aX:y', '%2f', '%5c', '\\', '%23', '%23x', '%3f',
    '%3fx', '%3b', ';', ';x', ';.css', ';jsessionid=x', '~', '.', '..', '%2e', '.bak', '.json', '&', '&x',
    ',', '*', ':', '@', '=', '+', '\'', '`', '|', '%', '%2', '%zz', '%u002f', '\u00e9', '\uff0f', '#', '#x', '?#',
  ];
  // A query is cut off before a file or a health call is looked up, as everywhere; on /v1/ it is refused.
  const queries = path.startsWith('/v1/') ? ['?', '??', '?x', '?v=1', '?code=x', '?/healthz', '?.css', '?#'] : [];
  const folders = folder ? ['/', './', '../', '..'] : ['/', '//', '/.', '/./', '/..', '/%2e', '/x', '/x/..', '/;'];
  const cased = [path.toUpperCase(), path[0] + path[1].toUpperCase() + path.slice(2), path.slice(0, -2) + path.slice(-2).toUpperCase()];
  const encoded = [...inner].flatMap((letter, at) => {
    if (!/[a-z]/.test(letter)) return [];
    const written = (as) => `/${inner.slice(0, at)}${as}${inner.slice(at + 1)}`;
    return [written(percent(letter)), written(`%25${percent(letter).slice(1)}`)];
  });
  const whole = [
    inner, `http://portero.example${path}`, `https://good.example${path}`, `//portero.example${path}`, `\\${inner}`,
    path.replaceAll('/', '\\'), path.replaceAll('/', '%2f'), `/${[...inner].map(percent).join('')}`, `${path}${path}`,
    `/${last}/${inner}`, `*${path}`, path.slice(0, folder ? -2 : -1), `${folder ? path.slice(0, -1) : path}x`
  ];
  return [
    ...new Set([
      ...before.map((one) => one + inner), ...behind.map((one) => path + one), ...queries.map((one) => path + one),
      ...folders.map((one) => path + one), ...cased, ...encoded, ...whole
    ])
  ].filter((one) => one !== path);
}
