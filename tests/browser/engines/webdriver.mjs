// W3C WebDriver over fetch, as much of it as the tests say: a session is a browser of its own. Errors keep the driver's
// words. Next: webkit.mjs.

/** One command. `url` is the driver's, or a session's. */
export async function command(url, method, path, body) {
  const json = method === 'POST' ? {headers: {'content-type': 'application/json'}, body: JSON.stringify(body ?? {})} : {};
  const answer = await fetch(`${url}${path}`, {method, ...json, signal: AbortSignal.timeout(30000)}).catch((error) => {
    throw new Error(`${method} ${path}: ${error.message}`);
  });
  const {value} = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(`${method} ${path}: ${value.error}: ${value.message}`), {code: value.error});
  return value;
}

/** Mouse clicks in quick succession at a point of the viewport, as input of the window. */
export async function click(session, x, y, count) {
  const press = [{type: 'pointerDown', button: 0}, {type: 'pointerUp', button: 0}];
  const actions =
      [{type: 'pointerMove', x: Math.round(x), y: Math.round(y), duration: 0}, ...Array.from({length: count}, () => press).flat()];
  await command(session, 'POST', '/actions', {actions: [{type: 'pointer', id: 'mouse', parameters: {pointerType: 'mouse'}, actions}]});
}

/** Calls `fn` in the page with arguments that JSON can say; gives what its promise does. */
export function execute(session, fn, args) {
  const script = `const [fn, args, done] = [${fn}, arguments[0], arguments[1]];
    Promise.resolve().then(() => fn(...args)).then((value) => done({value}), (error) => done({error: String(error)}))`;
  return command(session, 'POST', '/execute/async', {script, args: [args]}).then(({value, error}) => {
    if (error) throw new Error(error);
    return value;
  });
}
