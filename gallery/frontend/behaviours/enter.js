import { offered, shown } from "../passkeys/ask.js"

const MINUTES = 4 // less than a challenge holds

/** Sign in with a passkey: by the button, or by what the browser offers in the email's field. */
export function enter(button) {
  const { form } = button
  if (!offered(button)) return
  let waiting, renewal

  async function ask(mediation) {
    clearTimeout(renewal)
    waiting?.abort() // a browser asks for one thing at a time
    waiting = new AbortController()
    form.elements.passkey.value = await shown(button, { mediation, signal: waiting.signal })
    form.requestSubmit(button)
  }

  async function offer() {
    if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return
    ask("conditional").catch(() => {}) // nobody chose one
    renewal = setTimeout(offer, MINUTES * 60_000)
  }

  button.addEventListener("click", (event) => {
    event.preventDefault()
    ask("optional").catch(offer) // the browser has said why
  })
  offer()
}
