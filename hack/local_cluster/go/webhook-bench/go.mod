module hami.io/bench/webhook

go 1.26.0
