"""template.yaml holds what its parts promise each other, and the local stack deploys it unchanged but for what it names."""

from __future__ import annotations

import unittest
from pathlib import Path

import tomlkit

from local import routes, template
from local.layout import ROOT

QUEUE_POLLS_PER_RETRY = 6


class Template(unittest.TestCase):
    def setUp(self) -> None:
        self.template = template.load()
        self.resources = self.template["Resources"]

    def of_type(self, kind: str) -> dict[str, dict]:
        return {name: resource["Properties"] for name, resource in self.resources.items() if resource["Type"] == kind}

    def test_every_binary_is_a_function(self) -> None:
        built = {path.stem for path in (ROOT / "functions").glob("*/*/src/bin/*.rs")}
        self.assertEqual(set(template.functions(self.template).values()), built)

    def test_cargo_lambda_watch_serves_the_same_routes(self) -> None:
        manifest = tomlkit.parse((ROOT / "Cargo.toml").read_text()).unwrap()
        router = manifest["workspace"]["metadata"]["lambda"]["watch"]["router"]
        watched = {(rule["method"], path, rule["function"]) for path, rules in router.items() for rule in rules}
        names = template.functions(self.template)
        deployed = {
            (event["Properties"]["Method"], event["Properties"]["Path"], names[name])
            for name, function in self.of_type("AWS::Serverless::Function").items()
            for event in function.get("Events", {}).values()
            if "Path" in event["Properties"]
        }
        self.assertEqual(watched, deployed)

    def test_queues_wait_out_the_functions_that_read_them(self) -> None:
        timeout = self.template["Globals"]["Function"]["Timeout"]
        functions = self.of_type("AWS::Serverless::Function")
        for source in self.of_type("AWS::Lambda::EventSourceMapping").values():
            self.assertEqual(source["FunctionResponseTypes"], ["ReportBatchItemFailures"])
            origin = self.resources[source["EventSourceArn"]["Fn::GetAtt"][0]]
            if origin["Type"] == "AWS::SQS::Queue":
                reader = functions[source["FunctionName"]["Ref"]]
                least = QUEUE_POLLS_PER_RETRY * reader.get("Timeout", timeout)
                self.assertGreaterEqual(origin["Properties"]["VisibilityTimeout"], least)

    def test_no_policy_opens_everything(self) -> None:
        for name, function in self.of_type("AWS::Serverless::Function").items():
            for statement in (s for policy in function["Policies"] for s in policy["Statement"]):
                with self.subTest(function=name, statement=statement["Sid"]):
                    self.assertNotEqual(statement["Resource"], "*")
                    self.assertNotIn("*", str(statement["Action"]))
        for name, policy in self.of_type("AWS::IAM::Policy").items():
            for statement in policy["PolicyDocument"]["Statement"]:
                with self.subTest(policy=name, statement=statement["Sid"]):
                    self.assertNotEqual(statement["Resource"], "*")
                    self.assertNotIn("*", str(statement["Action"]))

    def test_locally_only_what_the_emulator_cannot_do_is_gone(self) -> None:
        local = template.localise(template.load(), "http://localhost:4566", "http://127.0.0.1:4567")
        self.assertEqual(self.resources.keys() - local["Resources"].keys(), {"BucketTlsOnly"})
        for function in template.functions(self.template):
            self.assertEqual(Path(local["Resources"][function]["Properties"]["CodeUri"]).suffix, ".zip")


class Routes(unittest.TestCase):
    def test_are_read_from_the_document_that_sam_makes(self) -> None:
        integration = {"uri": {"Fn::Sub": "arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${ScoreFunction.Arn}/invocations"}}
        operation = {"x-amazon-apigateway-integration": integration}
        paths = {"/api/v1/score": {"get": operation}, "/$default": {"x-amazon-apigateway-any-method": operation}}
        processed = {"Resources": {"Api": {"Properties": {"Body": {"paths": paths}}}}}
        self.assertEqual(list(routes.routes(processed)), [("GET /api/v1/score", "ScoreFunction"), ("$default", "ScoreFunction")])


if __name__ == "__main__":
    unittest.main()
