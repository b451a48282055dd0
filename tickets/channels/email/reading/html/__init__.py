"""HTML of strangers: taken apart in linear time, shown clean, told as text."""
