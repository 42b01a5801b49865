import { refuse, size } from "./upload-limit.js"

/** Say what was chosen, refuse what is too large before it is sent, and show how far it got. */
export function uploadForm(form) {
  const input = form.querySelector("input[type=file]")
  const button = form.querySelector("button")
  const status = form.querySelector("[data-upload-status]")
  const progress = form.querySelector("[data-upload-progress]")
  const say = (sentence) => (status.textContent = sentence)

  function choose() {
    const reasons = refuse(input.files, form.dataset)
    const list = form.querySelector("[data-upload-refused]")
    list.replaceChildren(...reasons.map((reason) => Object.assign(document.createElement("li"), { textContent: reason })))
    button.disabled = reasons.length > 0
    say(input.files.length ? chosen(input.files) : "")
  }

  function send(event) {
    event.preventDefault()
    const request = new XMLHttpRequest()
    request.upload.onprogress = ({ loaded, total }) => {
      progress.querySelector("progress").value = loaded / total
      progress.querySelector("p").textContent = `${size(loaded)} of ${size(total)} sent`
      if (loaded === total) say("All sent. The server is looking at them…")
    }
    request.onload = () => arrive(request)
    request.onerror = () => {
      busy(false)
      say("The connection was lost. Press Upload to try again: nothing is stored twice.")
    }
    request.open("POST", form.action)
    request.send(new FormData(form))
    busy(true)
    say("Sending. Keep this page open.")
  }

  function busy(isBusy) {
    form.setAttribute("aria-busy", isBusy)
    button.disabled = isBusy
    progress.hidden = !isBusy
    window.onbeforeunload = isBusy ? (event) => event.preventDefault() : null
  }

  function arrive(request) {
    busy(false)
    if (request.status < 400) return location.assign(request.responseURL)
    say(`The server refused this upload: ${sentenceOf(request)}`)
  }

  input.addEventListener("change", choose)
  form.addEventListener("submit", send)
  choose() // Back, and reload, bring earlier choices with them
}

function chosen(files) {
  const total = [...files].reduce((sum, file) => sum + file.size, 0)
  return `${files.length} ${files.length === 1 ? "file" : "files"} chosen, ${size(total)}`
}

// An error page says it in words; anything between here and the server has only its number.
function sentenceOf(request) {
  const page = new DOMParser().parseFromString(request.responseText, "text/html")
  return page.querySelector("[data-sentence]")?.textContent.trim() ?? `it answered ${request.status}.`
}
