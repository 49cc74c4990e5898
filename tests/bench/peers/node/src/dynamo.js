// The DynamoDB client, made once at module load. The SDK keeps its connections alive by itself.
import { DynamoDB } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocument } from "@aws-sdk/lib-dynamodb";

export const dynamo = new DynamoDB({
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1000, requestTimeout: 2500 },
});
export const documents = DynamoDBDocument.from(dynamo);
