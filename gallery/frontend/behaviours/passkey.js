import { offered, sent, shown } from "../passkeys/ask.js"

/** Make a passkey, or show one in place of the password, by the button that says which. */
export function passkey(button) {
  const { form } = button
  const act = { make, prove }[button.dataset.passkey]
  if (!offered(button) || !act) return // to begin, a form goes as it is
  const failed = form.querySelector("[data-passkey-failed]")
  button.addEventListener("click", (event) => {
    event.preventDefault()
    failed.textContent = ""
    act(button, form).catch(({ name }) => {
      failed.textContent = name === "InvalidStateError" ? failed.dataset.known : failed.dataset.failed
    })
  })
}

async function make(button, form) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(button.dataset.options))
  form.elements.passkey.value = JSON.stringify(await navigator.credentials.create({ publicKey }))
  form.requestSubmit()
}

async function prove(button, form) {
  await sent(button.dataset.proof, form, { passkey: await shown(button) })
  form.querySelector("[data-proven]").hidden = false
  form.querySelector("[data-sure]").remove()
  form.querySelector("button:not([type='button'])").focus()
}
