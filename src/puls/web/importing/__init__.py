"""Importing: files of registers, schools, borders and answers, in whole or not at all."""
