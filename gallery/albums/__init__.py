"""Albums: photos put together, in an order, for people to see."""
