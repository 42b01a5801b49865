"""Long work: the claim is a row in our database, the queue is a hint that it is there."""
