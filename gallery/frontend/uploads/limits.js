import { size } from "./words.js"
import { _ } from "../words/words.js"

/** Why this file will not be taken, before a byte of it is sent; empty when it may come. */
export function refusal(row, { photo, media }) {
  const extension = row.name.slice(row.name.lastIndexOf(".") + 1).toLowerCase()
  const isMedia = media.extensions.includes(extension) || /^(video|audio)\//.test(row.type)
  const isKnown = isMedia || photo.extensions.includes(extension) || row.type.startsWith("image/")
  if (!isKnown) return _("Not an image we can read")
  const { max } = isMedia ? media : photo
  return row.size > max ? _("%(size)s is over the %(limit)s limit", { size: size(row.size), limit: size(max) }) : ""
}

/** Why there is no room for this file beside what is on its way; empty when there is. */
export function shortage(row, { left, quota, disk }, onTheWay) {
  const needed = row.size + onTheWay
  if (left !== null && needed > left) return _("You have %(left)s left of %(quota)s", { left: size(Math.max(0, left - onTheWay)), quota: size(quota) })
  if (disk !== null && needed > disk) return _("The server has no room left for %(size)s", { size: size(row.size) })
  return ""
}

/** What is taken from the room that is left, so that the next file is measured against the rest. */
export function take(limits, bytes) {
  if (limits.left !== null) limits.left -= bytes
  if (limits.disk !== null) limits.disk -= bytes
}
