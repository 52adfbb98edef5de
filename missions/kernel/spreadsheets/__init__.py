"""Reading and writing of tables in XLSX and CSV files, with defences; `reader.read_table` is the way in."""
