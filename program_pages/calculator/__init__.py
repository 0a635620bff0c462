"""The calculator between its readers and the rules: reads what is asked, and says what the rules answer.

``asked`` holds a deal as somebody wrote it (a form, a link, JSON), ``reading`` turns it into the rules' request or
says what is wrong beside each field, ``answer`` is the one object that page, paper, CSV, text and API print. May
import the programme's models and rules, never its pages.
"""
