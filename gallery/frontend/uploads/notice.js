import { _ } from "../words/words.js"

const SENTENCES = {
  "signed-out": () => _("You are signed out. Sign in again to go on."),
  other: () => _("Somebody else is signed in now. Sign in as before to go on."),
  offline: () => _("You are offline. It goes on when the connection is back."),
}

/** The sentence above the list: what keeps the queue waiting, else what there is to say. */
export function noticeOf({ reason, sentence }, note) {
  if (reason === "lost") return { sentence: sentence || _("The server cannot be reached. It goes on when it can.") }
  if (reason) return { sentence: SENTENCES[reason](), mustSignIn: reason !== "offline" }
  return { sentence: note }
}
