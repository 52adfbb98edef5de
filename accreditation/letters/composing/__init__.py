"""What each kind of letter says, put together from the register, the law and the wordings."""
