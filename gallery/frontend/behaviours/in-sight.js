const middle = (element) => {
  const { left, width } = element.getBoundingClientRect()
  return left + width / 2
}

/** A row of links may go on beyond the edge of a phone: have the one that is open in its middle. */
export function inSight(link) {
  const row = link.parentElement
  row.scrollLeft += middle(link) - middle(row)
}
