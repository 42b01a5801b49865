/**
 * Give the files of the plain form to the queue as they are chosen, and offer folders and the camera.
 *
 * The queue is loaded for what an earlier visit has left, or a receipt lacks; else when somebody comes near.
 */
export function uploadForm(form, { load, take }) {
  const send = form.querySelector("[data-upload-send]")
  const folder = form.querySelector("[data-choose-folder]")
  const photo = form.querySelector("[data-take-photo]")
  const { person } = document.querySelector("template[data-uploads]").dataset
  send.hidden = true
  folder.hidden = photo.hidden = false

  for (const input of form.querySelectorAll("input[type=file]")) input.addEventListener("change", () => choose(input))
  folder.addEventListener("click", () => chooseFolder(form.querySelector("[data-folder-input]")))
  photo.addEventListener("click", () => form.querySelector("[data-camera-input]").click())
  form.addEventListener("submit", (event) => event.preventDefault())

  for (const sign of ["pointerover", "focusin"]) form.addEventListener(sign, () => load(), { once: true })
  choose(form.querySelector("[data-upload-input]")) // what was chosen before this ran
  const isLeft = localStorage[`uploads-${person}`] || new URLSearchParams(location.search).has("again")
  if (isLeft) load().then((uploads) => uploads.look())

  function choose(input) {
    const sources = [...input.files].map((file) => ({ file }))
    input.value = "" // the same file can be chosen again, and Back does not bring it
    if (sources.length) take(sources)
  }

  /** With a handle, which the browser may keep for the next visit, where there is one. */
  async function chooseFolder(input) {
    if (!window.showDirectoryPicker) return input.click()
    try {
      take([{ handle: await showDirectoryPicker({ id: "photos", startIn: "pictures" }) }])
    } catch (error) {
      if (error.name !== "AbortError") input.click()
    }
  }
}
