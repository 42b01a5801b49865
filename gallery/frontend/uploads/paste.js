import { _ } from "../words/words.js"

const TYPES = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp", "image/gif": "gif", "image/avif": "avif" }

/** A pasted file; a bare picture is named for the moment it was pasted. */
export function named(file, now = new Date()) {
  // Browsers call every copied picture image.png.
  if (!/^image\.\w+$/.test(file.name)) return file
  const stem = _("Pasted %(moment)s", { moment: moment(now) })
  const name = `${stem}.${TYPES[file.type] ?? "png"}`
  return new File([file], name, { type: file.type, lastModified: now.getTime() })
}

function moment(now) {
  const two = (number) => String(number).padStart(2, "0")
  const day = [now.getFullYear(), two(now.getMonth() + 1), two(now.getDate())].join("-")
  return `${day} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(".")}`
}
