select border.channel() as channel
