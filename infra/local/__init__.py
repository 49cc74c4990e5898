"""The local stack: template.yaml deployed to MiniStack, an AWS emulator in one process.

`PYTHONPATH=infra python -m local --help` lists its commands; `make help` lists the make targets that run them.
"""
