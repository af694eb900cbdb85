// A real provider of OpenID Connect on the loopback, for tests. Prints `listening on ADDRESS` and stops when stdin closes.
//
//   node server.mjs --modules FOLDER --jwk JSON --redirect-uri URL [--post-logout-redirect-uri URL] [--backchannel-logout-uri URL]
//     [--port NUMBER] [--client-id NAME] [--acr URI] [--signing RS256|PS256|ES256] [--client-signing RS256|PS256|ES256]…
//     [--account NAME=GROUP,GROUP]… [--userinfo]
//
// FOLDER is where package-lock.json beside this file was installed. Whoever types a name and any password in the forms signs in, and
// has the claims `groups` of that account (scope `groups`) and `name` (scope `profile`): in the ID token, or with `--userinfo`
// only there. Keys are made at the start: starting again on the same port is a rotation of keys.
import { generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';

const text = { type: 'string' };
const { values: said } = parseArgs({
  options: {
    modules: text,
    jwk: text,
    'redirect-uri': { ...text, multiple: true },
    'post-logout-redirect-uri': { ...text, multiple: true, default: [] },
    'backchannel-logout-uri': text,
    port: { ...text, default: '0' },
    'client-id': { ...text, default: 'grip' },
    acr: { ...text, default: 'http://eidas.europa.eu/LoA/substantial' },
    signing: { ...text, default: 'PS256' },
    'client-signing': { ...text, multiple: true, default: ['RS256', 'PS256', 'ES256'] },
    account: { ...text, multiple: true, default: [] },
    userinfo: { type: 'boolean', default: false },
  },
});
const groups = new Map(said.account.map((account) => account.split('=')).map(([name, list]) => [name, list.split(',')]));

const modules = join(said.modules, 'node_modules', 'oidc-provider', 'lib', 'index.js');
const { Provider } = await import(pathToFileURL(modules));

const server = createServer();
await new Promise((resolve) => server.listen(Number(said.port), '127.0.0.1', resolve));
const issuer = `http://127.0.0.1:${server.address().port}`;

const signing = said.signing === 'ES256' ? ['ec', { namedCurve: 'P-256' }] : ['rsa', { modulusLength: 2048 }];
const key = generateKeyPairSync(...signing).privateKey.export({ format: 'jwk' });
const kid = `key-${Date.now()}`;

const provider = new Provider(issuer, {
  clients: [
    {
      client_id: said['client-id'],
      token_endpoint_auth_method: 'private_key_jwt',
      jwks: { keys: [JSON.parse(said.jwk)] },
      redirect_uris: said['redirect-uri'],
      post_logout_redirect_uris: said['post-logout-redirect-uri'],
      grant_types: ['authorization_code'],
      response_types: ['code'],
      id_token_signed_response_alg: said.signing,
      ...(said['backchannel-logout-uri'] && {
        backchannel_logout_uri: said['backchannel-logout-uri'],
        backchannel_logout_session_required: true,
      }),
    },
  ],
  clientAuthMethods: ['private_key_jwt'],
  enabledJWA: {
    idTokenSigningAlgValues: [said.signing],
    clientAuthSigningAlgValues: said['client-signing'],
  },
  pkce: { required: () => true },
  scopes: ['openid', 'groups', 'profile'],
  claims: { openid: ['sub'], groups: ['groups'], profile: ['name'] },
  conformIdTokenClaims: said.userinfo,
  acrValues: [said.acr],
  jwks: { keys: [{ ...key, kid, use: 'sig', alg: said.signing }] },
  cookies: { keys: [kid] },
  ttl: { AccessToken: 300, AuthorizationCode: 60, Grant: 3600, IdToken: 300, Interaction: 600, Session: 3600 },
  features: {
    backchannelLogout: { enabled: true },
    devInteractions: { enabled: true },
    rpInitiatedLogout: { enabled: true },
  },
  findAccount: (_, name) => ({
    accountId: name,
    claims: () => ({ sub: name, name: `Account ${name}`, groups: groups.get(name) ?? [] }),
  }),
  // Its own would not go to the loopback.
  fetch: (url, { dispatcher, ...options }) => fetch(url, options),
});

// Its forms ask for a name and any password; how strong that is they do not say.
const finished = provider.interactionFinished.bind(provider);
provider.interactionFinished = (request, response, result, options) => {
  const login = result.login && { login: { ...result.login, acr: said.acr } };
  return finished(request, response, { ...result, ...login }, options);
};
provider.on('server_error', (_, error) => console.error(error));
provider.on('backchannel.error', (_, error) => console.error(error));

server.on('request', provider.callback());
console.log(`listening on ${issuer}`);
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
