"""The local stack: template.yaml deployed to MiniStack, an AWS emulator in one process.

`PYTHONPATH=infra python -m local --help` lists what it can do; `make help` lists the same for people.
"""
