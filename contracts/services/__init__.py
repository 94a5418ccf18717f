"""Services of the contracts room: contracts, their end, the months after, and what follows by itself."""
