// A certified OpenID provider, whose people sign in by their name alone.
// What is wrong with what it says of somebody, the form they sign in by asks for: see FAULTS.
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { generateKeyPairSync } from "node:crypto";

const [modules, secret, ...addresses] = process.argv.slice(2);
const load = createRequire(`${modules}/`);
const { Provider } = load("oidc-provider");
const { SignJWT, UnsecuredJWT, decodeJwt } = load("jose");

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const key = { ...privateKey.export({ format: "jwk" }), kid: "one", use: "sig", alg: "RS256" };
const strangers = () => generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey;

const signed = (claims, by = privateKey, alg = "RS256") =>
  new SignJWT(claims).setProtectedHeader({ alg, kid: "one" }).sign(by);
const hours = (number) => Math.floor(Date.now() / 1000) + number * 3600;
const FAULTS = {
  tampered: (claims, token) => {
    const other = Buffer.from(JSON.stringify({ ...claims, sub: "root" })).toString("base64url");
    return token.replace(/\..*\./, `.${other}.`);
  },
  "signed by another": (claims) => signed(claims, strangers()),
  "signed by our secret": (claims) => signed(claims, new TextEncoder().encode(secret), "HS256"),
  unsigned: (claims) => new UnsecuredJWT(claims).encode(),
  "of another provider": (claims) => signed({ ...claims, iss: "http://127.0.0.1:9" }),
  "for another": (claims) => signed({ ...claims, aud: "another" }),
  "for others too": (claims) => signed({ ...claims, aud: ["gallery", "another"], azp: "another" }),
  "too old": (claims) => signed({ ...claims, iat: hours(-2), exp: hours(-1) }),
  "of nobody": ({ sub, ...claims }) => signed(claims),
  "without a nonce": ({ nonce, ...claims }) => signed(claims),
  "no token": () => undefined,
  "asks nobody anew": (claims) => signed({ ...claims, auth_time: hours(-1) }),
};
const faults = new Map(); // by who signed in

const server = createServer();
server.listen(0, "127.0.0.1");
await once(server, "listening");
const issuer = `http://127.0.0.1:${server.address().port}`;

const provider = new Provider(issuer, {
  clients: [{ client_id: "gallery", client_secret: secret, redirect_uris: addresses }],
  jwks: { keys: [key] },
  cookies: { keys: ["one"] },
  claims: { email: ["email", "email_verified"], profile: ["name"] },
  pkce: { required: () => true },
  features: { devInteractions: { enabled: false } },
  interactions: { url: (_context, { uid }) => `/people/${uid}` },
  findAccount: (_context, accountId) => ({ accountId, claims: () => claimsOf(accountId) }),
  // All of it is the gallery's own: nobody is asked what it may know.
  loadExistingGrant: async ({ oidc: { account, client } }) => {
    const grant = new provider.Grant({ clientId: client.clientId, accountId: account.accountId });
    grant.addOIDCScope("openid email profile");
    await grant.save();
    return grant;
  },
});

function claimsOf(sub) {
  const [name, domain = "example.org"] = sub.split("@");
  const facts = { name: `${name[0].toUpperCase()}${name.slice(1)} Lind` };
  if (domain !== "nowhere") facts.email = `${name}@${domain}`;
  return { sub, ...facts, email_verified: domain !== "unsure.example" };
}

provider.use(async (context, next) => {
  const [, people, uid] = context.path.split("/");
  if (people !== "people") return next();
  if (context.method === "GET") {
    context.body = `<!doctype html><html lang="en"><title>Who are you?</title><form method="post">
      <label>Name <input name="name"></label> <button>Go on</button>
      <button name="denied" value="y">Stop</button></form>`;
    return;
  }
  const body = new URLSearchParams(Buffer.concat(await context.req.toArray()).toString());
  faults.set(body.get("name"), FAULTS[body.get("fault")]);
  const result = body.has("denied")
    ? { error: body.get("denied") === "y" ? "access_denied" : body.get("denied") }
    : { login: { accountId: body.get("name") } };
  await provider.interactionFinished(context.req, context.res, result);
  context.respond = false;
});
provider.use(async (context, next) => {
  await next();
  const fault = context.oidc?.route === "token" && faults.get(context.oidc.account?.accountId);
  if (!fault) return;
  const { id_token: token, ...rest } = context.body;
  context.body = { ...rest, id_token: await fault(decodeJwt(token), token) };
});

server.on("request", provider.callback());
console.log(issuer);
process.stdin.on("end", () => process.exit()).resume(); // it ends with whoever started it
