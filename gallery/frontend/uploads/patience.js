/** Milliseconds that a connection may bring nothing before it is begun anew: after a sleep some never end. */
export const patience = () => 1000 * document.querySelector("[data-patience]").dataset.patience
