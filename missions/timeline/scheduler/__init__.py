"""The scheduler of what missions share: who meets whom, where and when. Pure."""
