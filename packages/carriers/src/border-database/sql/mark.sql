select border.mark($1, $2, $3)
