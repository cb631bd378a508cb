// The browser's side of browser.h, linked into a C++ program by Emscripten (--js-library): finds the page's
// client through web/portero.js and passes words to and fro. Refuses to judge and to keep anything. Written
// in the older JavaScript that Emscripten's minifier understands: no import(), `?.`, `??` or destructuring.
mergeInto(LibraryManager.library, {
  $portero: {
    /** @type {(PorteroEntry | null)[]} by handle */
    entries: [],
    // A copy, for decoders refuse memory that is shared with threads.
    text: (/** @type {number} */ data, /** @type {number} */ size) =>
      new TextDecoder().decode(HEAPU8.slice(data, data + size)),
    fields: (/** @type {import('../client.js').Client} */ client) => {
      const known = client.user || /** @type {any} */ ({});
      const wrong = client.error || /** @type {any} */ ({});
      return [
        client.state,
        known.id,
        known.login,
        known.name,
        known.avatar_url,
        known.html_url,
        known.email,
        wrong.code,
        wrong.hint,
        wrong.retry_after,
      ].map((value) => new TextEncoder().encode(value == null ? '' : value + ''));
    },
    signIn: (/** @type {PorteroEntry} */ entry) => {
      const client = entry.client;
      if (!client) return void (entry.wanted = true); // on its way
      const options = entry.options;
      entry.options = {};
      if (client.framed) open(location.href, '_blank', 'noopener');
      else client.signIn(options);
    },
  },

  portero_browser_connect__deps: ['$portero'],
  portero_browser_connect: function (proxy, size, changed, client) {
    const address = portero.text(proxy, size);
    /** @type {PorteroEntry} */
    const entry = {
      client: null,
      wanted: false,
      options: {},
      fields: [],
      // Emscripten puts code where the triple braces are, so the formatter must not break them.
      // prettier-ignore
      changed: () => {
        if (entry.client) entry.fields = portero.fields(entry.client);
        {{{ makeDynCall('vi', 'changed') }}}(client);
      },
    };
    const handle = portero.entries.push(entry) - 1;
    Promise.resolve(/** @type {any} */ (window)[Symbol.for('portero')])
      .then((index) => index.connect(address))
      .then(
        (found) => {
          if (portero.entries[handle] !== entry) return;
          entry.client = found;
          found.addEventListener('change', entry.changed);
          entry.changed();
          if (entry.wanted) portero.signIn(entry);
        },
        () => {
          if (portero.entries[handle] !== entry) return;
          entry.fields = portero.fields(/** @type {any} */ ({state: 'error', error: {code: 'core_unavailable'}}));
          entry.changed();
        },
      );
    return handle;
  },

  portero_browser_disconnect__deps: ['$portero'],
  portero_browser_disconnect: function (handle) {
    const entry = portero.entries[handle];
    portero.entries[handle] = null;
    if (entry.client) entry.client.removeEventListener('change', entry.changed);
  },

  portero_browser_measure__deps: ['$portero'],
  portero_browser_measure: function (handle, field) {
    return portero.entries[handle].fields[field].length;
  },

  portero_browser_copy__deps: ['$portero'],
  portero_browser_copy: function (handle, field, room) {
    HEAPU8.set(portero.entries[handle].fields[field], room);
  },

  portero_browser_option__deps: ['$portero'],
  portero_browser_option: function (handle, name, nameSize, value, valueSize) {
    portero.entries[handle].options[portero.text(name, nameSize)] = portero.text(value, valueSize);
  },

  portero_browser_sign_in__deps: ['$portero'],
  portero_browser_sign_in: function (handle) {
    portero.signIn(portero.entries[handle]);
  },

  portero_browser_sign_out__deps: ['$portero'],
  portero_browser_sign_out: function (handle) {
    const client = portero.entries[handle].client;
    if (client) client.signOut();
  },

  portero_browser_cancel__deps: ['$portero'],
  portero_browser_cancel: function (handle) {
    const client = portero.entries[handle].client;
    if (client) client.cancel();
  },
});
