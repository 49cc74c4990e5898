"""template.yaml is consistent, and the local stack deploys it with only the documented changes."""

from __future__ import annotations

import tempfile
import unittest
import unittest.mock
from pathlib import Path

import tomlkit
from samtranslator.translator.transform import transform

from local import routes, template, watch
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

    def test_unmatched_routes_reach_a_function_and_preflights_do_not(self) -> None:
        taken = [(method, path) for method, path, _ in template.routes(self.template)]
        self.assertEqual(len(taken), len(set(taken)))
        for path in ("/", template.UNMATCHED):
            methods = {method for method, other in taken if other == path}
            self.assertEqual(methods, {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"}, path)
        self.assertFalse({"ANY", "OPTIONS"} & {method for method, _ in taken})

    def test_visibility_timeouts_exceed_those_of_the_consumers(self) -> None:
        timeout = self.template["Globals"]["Function"]["Timeout"]
        functions = self.of_type("AWS::Serverless::Function")
        for source in self.of_type("AWS::Lambda::EventSourceMapping").values():
            self.assertEqual(source["FunctionResponseTypes"], ["ReportBatchItemFailures"])
            origin = self.resources[source["EventSourceArn"]["Fn::GetAtt"][0]]
            if origin["Type"] == "AWS::SQS::Queue":
                reader = functions[source["FunctionName"]["Ref"]]
                least = QUEUE_POLLS_PER_RETRY * reader.get("Timeout", timeout)
                self.assertGreaterEqual(origin["Properties"]["VisibilityTimeout"], least)

    def test_messages_of_two_accounts_are_in_one_process_only_where_it_waits_for_others(self) -> None:
        for name, source in self.of_type("AWS::Lambda::EventSourceMapping").items():
            if self.resources[source["EventSourceArn"]["Fn::GetAtt"][0]]["Type"] == "AWS::SQS::Queue":
                self.assertEqual(source["BatchSize"], 10 if name == "WebhookSenderSource" else 1, name)

    def test_the_defaults_fit_ten_concurrent_executions(self) -> None:
        default = {name: parameter.get("Default") for name, parameter in self.template["Parameters"].items()}
        sources = self.of_type("AWS::Lambda::EventSourceMapping").values()
        most = [source["ScalingConfig"]["MaximumConcurrency"] for source in sources if "ScalingConfig" in source]
        polled = [source for source in sources if "Queue" in str(source["EventSourceArn"])]
        self.assertEqual(len(most), len(polled), "every queue's reader has a maximum")
        workers = sum(default[number["Ref"]] if isinstance(number, dict) else number for number in most)
        self.assertLessEqual(workers, 8)
        reserving = ("ScoreReservedConcurrency", "ApiReservedConcurrency")
        self.assertEqual([default[name] for name in reserving], [0, 0])

    def test_every_function_of_the_api_can_have_concurrency_reserved(self) -> None:
        serving = {function for _, _, function in template.routes(self.template)}
        for name, function in self.of_type("AWS::Serverless::Function").items():
            with self.subTest(function=name):
                reserved = function.get("ReservedConcurrentExecutions")
                self.assertEqual(reserved is not None, name in serving)
                if reserved is not None:
                    kind = "Score" if name == "ScoreFunction" else "Api"
                    expected = [f"ReservesFor{kind}", {"Ref": f"{kind}ReservedConcurrency"}, {"Ref": "AWS::NoValue"}]
                    self.assertEqual(reserved, {"Fn::If": expected})

    def test_nobody_signs_up_by_himself_unless_the_operator_opens_it(self) -> None:
        parameter = self.template["Parameters"]["SelfSignUp"]
        self.assertEqual((parameter["Default"], parameter["AllowedValues"]), ("Closed", ["Open", "Closed"]))
        self.assertEqual(self.template["Conditions"]["ClosedSignUp"], {"Fn::Equals": [{"Ref": "SelfSignUp"}, "Closed"]})
        [pool] = self.of_type("AWS::Cognito::UserPool").values()
        only_admins = {"Fn::If": ["ClosedSignUp", True, False]}
        self.assertEqual(pool["AdminCreateUserConfig"], {"AllowAdminCreateUserOnly": only_admins})
        self.assertEqual(self.template["Parameters"]["WelcomeUnverified"]["Default"], "false")

    def test_what_collectors_store_is_allowed_only_with_collectors(self) -> None:
        policy = self.resources["CollectPolicy"]
        self.assertEqual(policy["Condition"], "HasCollectors")
        self.assertEqual(self.template["Conditions"]["HasCollectors"], {"Fn::Not": [{"Fn::Equals": [{"Ref": "Collectors"}, ""]}]})
        functions = [name for name, function in self.of_type("AWS::Serverless::Function").items() if "COLLECTORS" in str(function)]
        self.assertEqual(policy["Properties"]["Roles"], [{"Ref": f"{name}Role"} for name in functions])
        [collect] = policy["Properties"]["PolicyDocument"]["Statement"]
        for name in functions:
            statements = self.resources[name]["Properties"]["Policies"][0]["Statement"]
            [always] = [statement for statement in statements if statement["Resource"] == {"Fn::GetAtt": ["IntelTable", "Arn"]}]
            self.assertFalse(set(collect["Action"]) & set(always["Action"]), name)

    def test_protocols_are_refreshed_only_if_a_source_is_named(self) -> None:
        self.assertEqual(self.template["Parameters"]["ProtocolSources"]["Default"], "")
        self.assertEqual(self.resources["ProtocolRefresherFunction"]["Condition"], "HasProtocolSources")
        named = {"Fn::Not": [{"Fn::Equals": [{"Ref": "ProtocolSources"}, ""]}]}
        self.assertEqual(self.template["Conditions"]["HasProtocolSources"], named)

    def test_mail_is_sent_by_ses_if_it_has_an_identity(self) -> None:
        [pool] = self.of_type("AWS::Cognito::UserPool").values()
        by_ses = {"EmailSendingAccount": "DEVELOPER", "SourceArn": {"Ref": "EmailIdentityArn"}, "From": {"Ref": "EmailFrom"}}
        either = ["HasEmailIdentity", by_ses, {"EmailSendingAccount": "COGNITO_DEFAULT"}]
        self.assertEqual(pool["EmailConfiguration"], {"Fn::If": either})
        pattern = self.template["Parameters"]["EmailIdentityArn"]["AllowedPattern"]
        for arn in ("", "arn:aws:ses:us-east-1:123456789012:identity/example.com", "arn:aws:ses:eu-west-1:123456789012:identity/me@example.com"):
            self.assertRegex(arn, f"^{pattern}$")
        for arn in ("example.com", "arn:aws:ses:us-east-1:1:identity/example.com", "arn:aws:sns:us-east-1:123456789012:topic"):
            self.assertNotRegex(arn, f"^{pattern}$")

    def test_ports_of_webhooks_are_a_list(self) -> None:
        parameter = self.template["Parameters"]["WebhookPorts"]
        self.assertEqual(parameter["Default"], "443")
        for name in ("WebhooksFunction", "WebhookSenderFunction"):
            variables = self.resources[name]["Properties"]["Environment"]["Variables"]
            self.assertEqual(variables["WEBHOOK_PORTS"], {"Ref": "WebhookPorts"})
        pattern = parameter["AllowedPattern"]
        for ports in ("443", "1", "65535", "443,8443", ",".join(["8443"] * 20)):
            self.assertRegex(ports, f"^(?:{pattern})$")
        for ports in ("", "0", "443,", ",443", "443, 8443", "0443", "65536", "70000", "100000", "-1", ",".join(["8443"] * 21)):
            self.assertNotRegex(ports, f"^(?:{pattern})$")

    def test_a_failed_import_can_be_delivered_again_soon(self) -> None:
        function = self.resources["ImportFunction"]["Properties"]
        variables = function["Environment"]["Variables"]
        self.assertEqual(variables["IMPORT_QUEUE_URL"], {"Ref": "ImportQueue"})
        self.assertLess(int(variables["RETRY_SECONDS"]), self.resources["ImportQueue"]["Properties"]["VisibilityTimeout"])
        receive = function["Policies"][0]["Statement"][0]
        self.assertEqual(receive["Resource"], {"Fn::GetAtt": ["ImportQueue", "Arn"]})
        self.assertIn("sqs:ChangeMessageVisibility", receive["Action"])

    def test_the_function_without_keys_has_no_permissions(self) -> None:
        function = self.resources["DocsPageFunction"]["Properties"]
        self.assertEqual(function["Policies"], [])
        self.assertNotIn("Environment", function)

    def test_no_policy_allows_everything(self) -> None:
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

    def test_the_local_template_lacks_only_the_tls_policy(self) -> None:
        local = template.localise(template.load(), "http://localhost:4566", "http://127.0.0.1:4567")
        self.assertEqual(self.resources.keys() - local["Resources"].keys(), {"BucketTlsOnly"})
        for function in template.functions(self.template):
            self.assertEqual(Path(local["Resources"][function]["Properties"]["CodeUri"]).suffix, ".zip")
        for source in ("BulkWorkerSource", "ImportSource"):
            self.assertEqual(local["Resources"][source]["Properties"]["ScalingConfig"], {"MaximumConcurrency": 2})


class Routes(unittest.TestCase):
    def test_are_read_from_the_openapi_document_of_sam(self) -> None:
        integration = {"uri": {"Fn::Sub": "arn:aws:apigateway:x:lambda:path/2015-03-31/functions/${ScoreFunction.Arn}/invocations"}}
        operation = {"x-amazon-apigateway-integration": integration}
        processed = _processed({"paths": {"/api/v1/score": {"get": operation}, "/{proxy+}": {"post": operation}}})
        found = [("GET /api/v1/score", "ScoreFunction"), ("POST /{proxy+}", "ScoreFunction")]
        self.assertEqual(list(routes.routes(processed)), found)


class Cors(unittest.TestCase):
    def configured(self, origins: str) -> dict:
        """The CORS configuration for a value of CorsOrigins, from the OpenAPI document of SAM."""
        source = template.load()
        for resource in (source["Resources"][name] for name in template.functions(source)):
            resource["Properties"]["CodeUri"] = "s3://bucket/key"
        with unittest.mock.patch.dict("os.environ", AWS_DEFAULT_REGION="us-east-1"):
            return routes.cors(transform(source, {"CorsOrigins": origins}, None))

    def test_every_origin_is_allowed_by_default(self) -> None:
        self.assertEqual(template.load()["Parameters"]["CorsOrigins"]["Default"], "*")
        self.assertEqual(self.configured("*")["AllowOrigins"], ["*"])

    def test_origins_are_a_list(self) -> None:
        listed = self.configured("https://app.example.com,http://localhost:3000")
        self.assertEqual(listed["AllowOrigins"], ["https://app.example.com", "http://localhost:3000"])

    def test_no_origin_means_no_cors(self) -> None:
        self.assertEqual(self.configured(""), {})

    def test_the_other_properties_are_set_and_credentials_stay_off(self) -> None:
        configured = self.configured("*")
        self.assertEqual(configured.keys(), {"AllowOrigins", "AllowMethods", "AllowHeaders", "ExposeHeaders", "MaxAge"})
        taken = {method for method, _, _ in template.routes(template.load())}
        self.assertLessEqual(taken - {"HEAD"}, set(configured["AllowMethods"]))  # HEAD needs no preflight, so it is not listed

    def test_the_pattern_accepts_only_origins(self) -> None:
        pattern = template.load()["Parameters"]["CorsOrigins"]["AllowedPattern"]
        for origins in ("", "*", "https://app.example.com", "https://app.example.com,http://localhost:3000"):
            self.assertRegex(origins, f"^{pattern}$")
        for origins in ("app.example.com", "https://app.example.com/", "https://a.example.com, https://b.example.com", "*,https://a.example.com"):
            self.assertNotRegex(origins, f"^{pattern}$")


class Watch(unittest.TestCase):
    def setUp(self) -> None:
        self.template = template.load()
        self.router = watch.router(self.template)

    def function(self, path: str, method: str) -> str | None:
        return {rule["method"]: rule["function"] for rule in self.router.get(path, [])}.get(method)

    def test_every_route_of_the_template_goes_to_its_binary(self) -> None:
        binaries = template.functions(self.template)
        for method, path, function in template.routes(self.template):
            self.assertEqual(self.function(path.replace("{proxy+}", "{*proxy}"), method), binaries[function], f"{method} {path}")

    def test_an_unsupported_method_is_an_unmatched_route(self) -> None:
        self.assertEqual(self.function("/api/v1/signals", "POST"), "signals")
        self.assertEqual(self.function("/api/v1/signals", "GET"), "score")
        self.assertEqual(self.function("/{*proxy}", "GET"), "score")
        self.assertIsNone(self.function("/api/v1/signals", "OPTIONS"))

    def test_the_file_holds_the_router(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "new" / "cargo-lambda.toml"
            watch.write(self.template, path)
            self.assertEqual(tomlkit.parse(path.read_text()).unwrap(), {"watch": {"router": self.router}})


def _processed(document: dict) -> dict:
    return {"Resources": {"Api": {"Properties": {"Body": document}}}}


if __name__ == "__main__":
    unittest.main()
