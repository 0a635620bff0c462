"""Pages that are the same for everybody, kept until something they may show has been recorded (docs/adr/0036).

``middleware`` answers; ``addresses`` says which requests may be answered from the cache, and under which key;
``answers`` is a kept answer; ``store`` keeps them in the process and for all processes; ``version`` is what moves on
whenever something is recorded, which ``writes`` notices; ``purging`` tells a CDN. Knows no page by name.
"""
