"""The routes and the CORS configuration of the HTTP API, which the emulator does not import.

SAM turns HttpApi events into an OpenAPI document inside the processed template. AWS configures the API from it;
MiniStack creates an API without routes, so they are added here from the same document.

The API also gets the custom domain `127.0.0.1`, so that it is served there under its own paths, as on AWS,
while the emulator itself is served on `localhost`, on the same port.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .layout import REGION, STACK_NAME

HOST = "127.0.0.1"
ACCOUNT = "000000000000"
FUNCTION = re.compile(r"functions/\$\{(\w+)\.Arn\}/invocations")


def add(gateway: Any, cloudformation: Any) -> None:
    """Set the API's routes and CORS configuration to those of the processed template."""
    processed = cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
    names = _physical_ids(cloudformation)
    api = names["Api"]
    _add_routes(gateway, api, processed, names)
    if configuration := cors(processed):
        gateway.update_api(ApiId=api, CorsConfiguration=configuration)
    _name(gateway, api)


def _add_routes(gateway: Any, api: str, processed: dict[str, Any], names: dict[str, str]) -> None:
    wanted = {key: f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{names[function]}" for key, function in routes(processed)}
    integrations = gateway.get_integrations(ApiId=api)["Items"]
    functions = {f"integrations/{integration['IntegrationId']}": integration["IntegrationUri"] for integration in integrations}
    right = set()
    for route in gateway.get_routes(ApiId=api)["Items"]:
        # A route may have been moved to another function.
        if wanted.get(route["RouteKey"]) == functions.get(route["Target"]):
            right.add(route["RouteKey"])
        else:
            gateway.delete_route(ApiId=api, RouteId=route["RouteId"])
    for key in sorted(wanted.keys() - right):
        integration = gateway.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationMethod="POST",
            PayloadFormatVersion="2.0",
            IntegrationUri=wanted[key],
        )
        gateway.create_route(ApiId=api, RouteKey=key, Target=f"integrations/{integration['IntegrationId']}")


def routes(processed: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Route key (`GET /path`) and the logical id of its function, for each operation of the OpenAPI document."""
    for path, operations in processed["Resources"]["Api"]["Properties"]["Body"]["paths"].items():
        for method, operation in operations.items():
            uri = operation["x-amazon-apigateway-integration"]["uri"]["Fn::Sub"]
            found = FUNCTION.search(uri)
            if found is None:
                raise ValueError(f"{method} {path} has an integration that is not a function: {uri}")
            yield f"{method.upper()} {path}", found[1]


def cors(processed: dict[str, Any]) -> dict[str, Any]:
    """The OpenAPI document's CORS configuration as UpdateApi takes it; empty if no origin is allowed."""
    _, configured, _ = processed["Resources"]["Api"]["Properties"]["Body"]["x-amazon-apigateway-cors"]["Fn::If"]
    separator, origins = configured["allowOrigins"]["Fn::Split"]
    if not origins:
        return {}
    return {name[0].upper() + name[1:]: value for name, value in configured.items()} | {"AllowOrigins": origins.split(separator)}


def _physical_ids(cloudformation: Any) -> dict[str, str]:
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK_NAME)
    return {resource["LogicalResourceId"]: resource["PhysicalResourceId"] for page in pages for resource in page["StackResourceSummaries"]}


def _name(gateway: Any, api: str) -> None:
    if HOST not in {domain["DomainName"] for domain in gateway.get_domain_names()["Items"]}:
        certificate = f"arn:aws:acm:{REGION}:{ACCOUNT}:certificate/local"
        gateway.create_domain_name(
            DomainName=HOST,
            DomainNameConfigurations=[{"CertificateArn": certificate, "EndpointType": "REGIONAL", "SecurityPolicy": "TLS_1_2"}],
        )
    for mapping in gateway.get_api_mappings(DomainName=HOST)["Items"]:
        if mapping["ApiId"] == api:
            return
        gateway.delete_api_mapping(DomainName=HOST, ApiMappingId=mapping["ApiMappingId"])
    gateway.create_api_mapping(DomainName=HOST, ApiId=api, Stage="$default")
