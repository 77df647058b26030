import { isIPv4 } from 'node:net';
import { type FakeAnswer, type FakeCall, HttpFake } from './http-fake.ts';

export interface FakePihole {
  /** `192.0.2.1 web.example.org` */
  readonly hosts: string[];
  /** `www.example.org,web.example.org,300` */
  readonly cnames: string[];
  readonly sessions: Set<string>;
  /** `GET hosts`, `PUT hosts/192.0.2.1 web.example.org`. */
  readonly calls: string[];
  /** The name that may not be changed. */
  refused: string | undefined;
  readonly http: HttpFake;
}

export const piholePassword = 'geheim';

/** A Pi-hole with the API of its version 6, or the web interface of version 5. */
export async function startPihole(version: 5 | 6, held: Partial<Pick<FakePihole, 'hosts' | 'cnames'>> = {}): Promise<FakePihole> {
  const answer = version === 5 ? v5 : v6;
  const http: HttpFake = await HttpFake.start((call) => {
    fake.calls.push(`${call.method} ${decodeURIComponent(call.path + (call.query.size > 0 ? `?${[...call.query.keys()].join('&')}` : '')).replace(/^\/(api\/(config\/dns\/)?|admin\/(scripts\/pi-hole\/php\/)?)/, '')}`);
    return answer(fake, call);
  });
  const fake: FakePihole = { hosts: [], cnames: [], sessions: new Set(), calls: [], refused: undefined, http, ...held };
  return fake;
}

function v6(fake: FakePihole, { method, path, rawHeaders, body }: FakeCall): FakeAnswer {
  const [, , section = '', , list = '', item = ''] = path.split('/').map(decodeURIComponent);
  const error = (status: number, message: string, key = 'bad_request'): FakeAnswer => ({ status, body: { error: { key, message, hint: null } } });
  const sids = rawHeaders.filter((_, i, all) => i % 2 === 1 && all[i - 1]?.toLowerCase() === 'x-ftl-sid');
  if (section === 'auth' && method === 'POST') {
    if ((JSON.parse(body) as { password: string }).password !== piholePassword) return { status: 401, body: { session: { valid: false, sid: null } } };
    const sid = `sid${fake.calls.length}`;
    fake.sessions.add(sid);
    return { status: 200, body: { session: { valid: true, sid } } };
  }
  if (sids.length !== 1 || !fake.sessions.has(sids[0] ?? '')) return error(401, 'Unauthorized', 'unauthorized');
  if (section === 'auth') {
    fake.sessions.delete(sids[0] ?? '');
    return { status: 204 };
  }
  const lines = list === 'hosts' ? fake.hosts : fake.cnames;
  if (method === 'GET') return { status: 200, body: { config: { dns: { [list]: lines } } } };
  if (fake.refused !== undefined && item.split(/[ ,]/).includes(fake.refused)) return error(400, 'Config item validation failed');
  if (method === 'PUT') {
    if (lines.includes(item)) return error(400, 'Item already present');
    if (list === 'cnameRecords' && lines.some((l) => l.split(',')[0] === item.split(',')[0])) return error(400, 'Config item validation failed');
    lines.push(item);
    return { status: 201, body: {} };
  }
  const at = lines.indexOf(item);
  if (at < 0) return error(404, 'Item not found', 'not_found');
  lines.splice(at, 1);
  return { status: 204 };
}

/** Forms, which want a cookie of the session, and the token of its pages. */
function v5(fake: FakePihole, { path, query, headers, body }: FakeCall): FakeAnswer {
  const fields = Object.fromEntries(new URLSearchParams(body));
  const sid = /PHPSESSID=(\w+)/.exec(headers.cookie ?? '')?.[1] ?? '';
  const html = (text: string): FakeAnswer => ({ status: 200, body: text });
  if (path === '/admin/index.php' && query.has('login')) {
    if (fields['pw'] !== piholePassword) return html('<html>wrong password</html>');
    const made = `s${fake.calls.length}`;
    fake.sessions.add(made);
    return { status: 302, headers: { location: 'index.php', 'set-cookie': `PHPSESSID=${made}; path=/` } };
  }
  if (path === '/admin/index.php' && fake.sessions.has(sid)) return html(`<html><div id="token" hidden>tok+${sid}=</div></html>`);
  if (!path.endsWith('.php') || !path.includes('/custom')) return { status: 404 };
  if (!fake.sessions.has(sid) || fields['token'] !== `tok+${sid}=`) return html('Session expired! Please re-login on the Pi-hole dashboard.');
  const isHost = path.endsWith('/customdns.php');
  const lines = isHost ? fake.hosts : fake.cnames;
  const { domain = '', ip = '', target = '' } = fields;
  const line = isHost ? `${ip} ${domain}` : `${domain},${target}`;
  const done = (success: boolean, message = ''): FakeAnswer => html(JSON.stringify({ success, message }));
  if (fields['action'] === 'get') return html(JSON.stringify({ data: lines.map((l) => (isHost ? l.split(' ').reverse() : l.split(','))) }));
  if (domain === fake.refused) return done(false, `Domain '${domain}' is not valid`);
  if (fields['action'] === 'add') {
    const ofName = fake.hosts.filter((l) => l.split(' ')[1] === domain);
    const taken = isHost ? ofName.some((l) => isIPv4(l.split(' ')[0] ?? '') === isIPv4(ip)) : ofName.length > 0 || lines.some((l) => l.split(',')[0] === domain);
    if (taken) return done(false, 'This domain already has a custom entry');
    lines.push(line);
    return done(true);
  }
  const at = lines.indexOf(line);
  if (at < 0) return done(false, 'This domain/ip association does not exist');
  lines.splice(at, 1);
  return done(true);
}
