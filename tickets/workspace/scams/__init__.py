"""The desk of scams: campaigns of reports, judged and merged; the lists for other programs."""
