// The nodes that <github-sign-in> is made of. Refuses to know who is signed in, and to write markup.

/** Sets it, or takes it away. @param {Element} node @param {string} name @param {string | null | undefined} value */
export const attribute = (node, name, value) => (value ? node.setAttribute(name, value) : node.removeAttribute(name));

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} part @param {(Node | string)[]} inside */
export const make = (tag, part, ...inside) => {
  const made = document.createElement(tag);
  attribute(made, 'part', part);
  made.append(...inside);
  return made;
};

/** A place for a site's own content. @param {string} name @param {Node} usual */
export const slot = (name, usual) => {
  const made = make('slot', '', usual);
  made.name = name;
  return made;
};

/** @template {keyof HTMLElementTagNameMap} T @param {T} tag @param {string} part @param {() => void} chosen */
export const item = (tag, part, chosen) => {
  const made = make(tag, `item ${part}`);
  attribute(made, 'role', 'menuitem');
  made.tabIndex = -1;
  made.onclick = chosen;
  if (tag === 'a') {
    attribute(made, 'target', '_blank');
    attribute(made, 'rel', 'noopener');
  }
  return made;
};

/** What may become a link or an image (the proxy lets http pass from a GitHub on loopback only). @param {string | null | undefined} url */
export const web = (url) => (/^https?:\/\//.test(url ?? '') ? url : null);
