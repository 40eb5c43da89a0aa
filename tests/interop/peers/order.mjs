// How the tests talk to a peer: one JSON order on standard input, one JSON answer on standard output.
// {do: name of the act, ...}. With {seconds} the act is repeated so long and the answer says how often it ran per second of CPU time.
// With {clock} (milliseconds since the epoch) the peer lives at that moment, as the test does.
import {readFileSync} from 'node:fs';

export const order = JSON.parse(readFileSync(0, 'utf8'));

if(order.clock) {
  const RealDate = Date;
  globalThis.Date = class extends RealDate {
    constructor(...given) {
      super(...(given.length ? given : [order.clock]));
    }
    static now() {
      return order.clock;
    }
  };
}

export async function obey(acts) {
  const told = await acts[order.do]().then(answer => ({answer}), error => ({error: reasons(error)}));
  if(order.seconds && !told.error) {
    await perSecond(acts[order.do], order.seconds); // until the compiler has warmed up
    told.per_second = await perSecond(acts[order.do], order.seconds);
  }
  process.stdout.write(JSON.stringify(told));
}

// The next of `many` at each call, or always `one`.
export function inTurn(one, many) {
  let turn = 0;
  return () => many ? many[turn++ % many.length] : one;
}

export const reasons = error => [error, ...(error.errors ?? []), ...(error.cause ? [error.cause] : [])].map(String).join('; ');

async function perSecond(act, seconds) {
  const before = process.cpuUsage(), end = performance.now() + 1000 * seconds;
  let times = 0;
  for(; performance.now() < end; times++) {
    await act();
  }
  const {user, system} = process.cpuUsage(before);
  return 1e6 * times / (user + system);
}
