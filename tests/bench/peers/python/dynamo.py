"""The DynamoDB client, made once at module load and shared by threads."""

import boto3
from botocore.config import Config

dynamodb = boto3.client(
    "dynamodb",
    config=Config(
        connect_timeout=1,
        read_timeout=2.5,
        tcp_keepalive=True,
        retries={"mode": "standard", "total_max_attempts": 2},
    ),
)
