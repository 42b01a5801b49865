/** Show a button where passkeys work, and elsewhere what they need; return whether they do. */
export function offered(button) {
  const known = isSecureContext && "parseRequestOptionsFromJSON" in (globalThis.PublicKeyCredential ?? {})
  const isPossible = known && location.origin === button.dataset.origin
  button.hidden = !isPossible
  for (const needs of button.form.querySelectorAll("[data-passkey-needs]")) needs.hidden = isPossible
  return isPossible
}

/** Ask for a passkey by a challenge that is made now, and return its answer. */
export async function shown(button, options) {
  const answer = await sent(button.dataset.challenge, button.form)
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(await answer.json())
  return JSON.stringify(await navigator.credentials.get({ publicKey, ...options }))
}

/** Send a form's token, and what else is named; fail if the answer is no. */
export async function sent(url, form, fields) {
  const body = new URLSearchParams({ csrf_token: form.elements.csrf_token.value, ...fields })
  const answer = await fetch(url, { method: "POST", body })
  if (!answer.ok) throw new Error(answer.status)
  return answer
}
