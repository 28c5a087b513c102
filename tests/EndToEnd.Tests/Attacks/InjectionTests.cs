using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Sandan.Contracts.Ceb;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>
/// Text that means something to a database, a log, a terminal or a template, in every text field of the documents, every
/// member of the other bodies, and every parameter of the OpenAPI document.
/// </summary>
[Collection("under attack")]
public sealed class InjectionTests(UnderAttack system)
{
    /// <summary>In every attack, so that it can be found where it must not be.</summary>
    private const string Mark = "Zq7x";

    /// <summary>How a line would begin that an attacker writes.</summary>
    private const string Forged = "2026-01-01T00:00:00.000Z info:";

    private const StringComparison Ordinal = StringComparison.Ordinal;

    private static readonly string[] Texts =
    [
        $"'; DROP TABLE document;--{Mark}", $"\\'; DROP TABLE document;--{Mark}", $"$1$$;{Mark}", $"\n{Forged} {Mark}", $"\r{Forged} {Mark}", $"\u2028{Forged} {Mark}",
        $"\u0085{Forged} {Mark}", $"\u009b2J\u009b31m{Mark}", $"${{jndi:ldap://127.0.0.1:1/{Mark}}}", $"{{0}}{{{Mark}}}%s%n", $"\u202e\u200f{Mark}\u2066", $"../../{Mark}",
        $"<b>{Mark}</b>]]>&amp;<!--", $"{Mark}\uFEFF", $"{Mark}𠮷e\u0301", $"=1+1|'{Mark}'!A1", $"%0d%0a%00{Mark}",
    ];

    /// <summary>Not for the official XML, which cannot carry them, nor for a document at all.</summary>
    private static readonly string[] Refused = [$"\u001b[2J{Mark}", $"\0{Mark}", $"{Mark}\uFFFE", Mark + new string('A', 2_500)];

    /// <summary>Instead of a string, as JSON writes it.</summary>
    private static readonly string[] Tokens = ["\"\\ud800\"", "\"\\u0000\"", "1e999", "-1", "[]", "{}", "null", "true", "\"\"", "[\"a\",{\"b\":[null]}]"];

    /// <summary>In a parameter, as it is to stand in the address.</summary>
    private static readonly string[] Escapes = ["%00", "%ff%fe", "%ed%a0%80", "%c0%ae", "%", "%zz", "+", "%2B%2F%3D", "-1", "99999999999999999999", "AAAAAAAAAAA", "__________8", "latest", ""];

    public static TheoryData<string> Messages => ["CEB311", "CEB411", "CEB511", "CEB513"];

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task What_stands_in_a_text_field_is_stored_as_it_is_or_refused(string type)
    {
        var message = CebMessage.All.Single(one => one.Type == type);
        var documents = Poisoned(message).ToArray();
        var (role, path) = Sender(message);
        for (var at = 0; at < system.Doors.Count; at++)
        {
            var lines = string.Join('\n', documents.Select(one => one.Document.ToJsonString()));
            var answer = await system.Doors[at].PostAsync(system.Keys[role], path, Encoding.UTF8.GetBytes(lines), "application/x-ndjson");
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            var results = answer.Text.TrimEnd('\n').Split('\n');
            Assert.Equal(documents.Length, results.Length);
            foreach (var (sent, result) in documents.Zip(results.Select(line => JsonNode.Parse(line)!)))
            {
                var outcome = result["outcome"]!.ToString();
                Assert.True(
                    outcome == "rejected"
                        ? result["errors"]!.AsArray().All(error => error!["pointer"]!.ToString() == sent.Pointer)
                        : outcome == (at == 0 ? "created" : "exists"), // the second time all of it is there, as it was sent
                    $"{sent.Pointer}: {result.ToJsonString()}");
            }
        }

        await ExpectHarmlessAsync();
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public async Task What_stands_in_an_element_is_stored_as_it_is_or_refused(string type)
    {
        var message = CebMessage.All.Single(one => one.Type == type);
        var (role, _) = Sender(message);
        var sender = new Demo.Company(system.Attacker, "攻击者", role, system.Keys[role]);
        foreach (var (documents, at) in Poisoned(message).Where(one => !one.IsRefused).Chunk(message.DocumentsMax).Select((chunk, at) => (chunk, at)))
        {
            var body = Demo.CebXml.Write(message, sender, [.. documents.Select(one => one.Document)]);
            var answer = await system.Doors[at % system.Doors.Count].PostAsync(system.Keys[role], $"/v1/ceb/{type}", body, "application/xml");
            Assert.True(answer.Status == HttpStatusCode.OK, answer.ToString());
            var returned = System.Xml.Linq.XDocument.Parse(answer.Text).Root!.Elements().ToArray();
            Assert.Equal(documents.Length, returned.Length);
            foreach (var (sent, result) in documents.Zip(returned))
            {
                var status = result.Elements().Single(one => one.Name.LocalName == "returnStatus").Value;
                var info = result.Elements().Single(one => one.Name.LocalName == "returnInfo").Value;
                Assert.True(status == "2" || info.Contains($"] {sent.Pointer} ", Ordinal), $"{sent.Pointer}: {status} {info}");
            }
        }

        await ExpectHarmlessAsync();
    }

    [Fact]
    public async Task A_number_comes_back_as_it_was_sent()
    {
        foreach (var text in Texts)
        {
            var order = system.Order(Documents.NewNumber());
            order["orderNo"] = $"{order["orderNo"]}{text}";
            var number = order["orderNo"]!.ToString();
            var door = system.Doors[Array.IndexOf(Texts, text) % system.Doors.Count];
            var sent = await door.PostAsync(system.Keys["platform"], "/v1/orders", Encoding.UTF8.GetBytes(order.ToJsonString()), "application/json");
            if (number.Length > 60)
            {
                Assert.Equal(HttpStatusCode.UnprocessableEntity, sent.Status);
                continue;
            }

            Assert.Equal(HttpStatusCode.Created, sent.Status);
            if (number.Contains("%0d", Ordinal))
            {
                continue; // one that holds an escape itself cannot be asked for, see RouteValue
            }

            var found = await Eventually.BecomesAsync(
                () => door.SendAsync("GET", system.Keys["platform"], $"/v1/consignments/{system.Attacker}/{Uri.EscapeDataString(number)}"),
                answer => answer.Status == HttpStatusCode.OK, $"{number} is found");
            Assert.Equal(number, found.Json["orderNo"]!.ToString());
        }

        await ExpectHarmlessAsync();
    }

    [Fact]
    public async Task An_officer_who_decides_a_consignment_with_a_strange_number_writes_one_line_of_log()
    {
        var client = system.Doors[0].Client;
        foreach (var text in (string[])[$"\r{Forged}", $"\n{Forged}", $"\u0085{Forged}", $"\u2028{Forged}", "\u009b2J"])
        {
            var plain = Documents.NewNumber();
            var (order, payment, waybill) = (Documents.Order(plain), Documents.Payment(plain), Documents.Waybill(plain));
            foreach (var document in (JsonObject[])[order, payment, waybill])
            {
                document["orderNo"] = (plain + text)[..Math.Min(60, plain.Length + text.Length)];
            }

            waybill["appTime"] = "20261119110000"; // a day before its order: held, R05
            await client.PostAsync("platform", "/v1/orders", order);
            await client.PostAsync("payment", "/v1/payments", payment);
            await client.PostAsync("logistics", "/v1/waybills", waybill);
            var number = Uri.EscapeDataString(order["orderNo"]!.ToString());
            await client.ConsignmentAsync(number, one => one["clearance"]?["returnStatus"]?.GetValue<int>() == 300, "held");
            var acted = await client.PostAsync(
                "customs", $"/v1/clearances/{client.Company("platform")}/{number}/actions", new JsonObject { ["action"] = "release", ["reason"] = $"{text} {Mark}" });
            Assert.Equal(HttpStatusCode.OK, acted.Status);
            await Eventually.IsTrueAsync(Eventually.Soon, "the decision is logged", () => Task.FromResult(system.Log.Contains(plain, Ordinal)));
        }

        await ExpectHarmlessAsync();
        Assert.DoesNotContain('\u009b', system.Log);
    }

    [Fact]
    public async Task No_member_of_any_json_body_is_too_strange_to_be_answered()
    {
        var bodies = (await OperationsAsync())
            .Select(one => (one.Route, Example: one.Operation["requestBody"]?["content"]?["application/json"]?["example"]))
            .Where(one => one.Example is not null).ToArray();
        foreach (var (route, example) in bodies)
        {
            // What others need stays as it is: the goods and the companies of the bystander, and our own.
            (string Member, string Value) own = route switch
            {
                "post /v1/goods" => ("ebcCode", system.Attacker), "post /v1/companies" => ("code", "ZZZZZZZZZZ"), _ => ("", ""),
            };
            if (own.Member.Length > 0)
            {
                example![own.Member] = own.Value;
            }
        }

        Assert.True(bodies.Length >= 8, $"Only {bodies.Length} examples were found.");
        var requests = bodies.SelectMany(body => Strings(body.Example!).SelectMany(member =>
            Texts.Concat(Refused).Select(text => JsonValue.Create(text).ToJsonString()).Concat(Tokens).Select(token => (
                body.Route, Path: Located(body.Route.Split(' ')[1], "NOT-THERE"), Member: member, Body: Replaced(body.Example!, member, token)))));
        await CallAsync(requests, async (door, one) =>
        {
            var answer = await door.PostAsync(KeyOf(one.Route), one.Path, Encoding.UTF8.GetBytes(one.Body), "application/json");
            return $"{one.Member} {Fault(answer)}";
        });
        await ExpectHarmlessAsync();
    }

    [Fact]
    public async Task No_parameter_of_any_route_is_too_strange_to_be_answered()
    {
        var requests = new List<(string Route, string Path, string? Header, string Value)>();
        foreach (var (route, operation) in await OperationsAsync())
        {
            var path = route.Split(' ')[1];
            var values = Texts.Concat(Refused).Select(Uri.EscapeDataString).Concat(Escapes).ToArray();
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var name = parameter!["name"]!.ToString();
                requests.AddRange(values.Select(value => parameter["in"]!.ToString() switch
                {
                    "path" => (route, Located(path.Replace($"{{{name}}}", value, Ordinal), "NOT-THERE"), null, ""),
                    "query" => (route, $"{Located(path, "NOT-THERE")}?{name}={value}", (string?)null, ""),
                    _ => (route, Located(path, "NOT-THERE"), name, Uri.UnescapeDataString(value).ReplaceLineEndings(" ").Replace('\0', '0')),
                }));
                requests.Add((route, $"{Located(path, "NOT-THERE")}?{name}=1&{name}=2", null, ""));
            }
        }

        Assert.True(requests.Count > 1_000, $"Only {requests.Count} requests were made of the document.");
        await CallAsync(requests, async (door, one) =>
        {
            using var connection = await RawConnection.OpenAsync(door.Address);
            var header = one.Header is null ? "" : $"{one.Header}: {Encoding.Latin1.GetString(Encoding.UTF8.GetBytes(one.Value))}\r\n";
            var method = one.Route.Split(' ')[0].ToUpperInvariant();
            await connection.WriteAsync(
                $"{method} {one.Path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {KeyOf(one.Route)}\r\nContent-Type: application/json\r\n{header}Content-Length: 2\r\n\r\n{{}}");
            if (one.Path.StartsWith("/v1/events/stream", Ordinal))
            {
                return ""; // it has no end where it is not refused; that it answers is read in the log
            }

            var answer = await connection.ReadAsync();
            return answer is null ? "no answer" : Fault(new((HttpStatusCode)answer.Status, null!, answer.Header("Content-Type") ?? "", answer.Body));
        });
        await ExpectHarmlessAsync();
    }

    /// <summary>A good document for each text field and each text in it; each with a number of its own.</summary>
    private IEnumerable<(JsonObject Document, string Pointer, bool IsRefused)> Poisoned(CebMessage message)
    {
        foreach (var field in message.Head.Fields.Concat(message.Lines?.Fields ?? []).Where(field => field.Kind is CebFormat.Text or CebFormat.Fixed))
        {
            foreach (var text in Texts.Concat(Refused))
            {
                var document = Good(message);
                var inLine = message.Lines?.Fields.Contains(field) == true;
                var target = inLine ? document[message.LineMember!]![0]!.AsObject() : document;
                // A number must be another one in each document, or it would be taken.
                target[field.Name] = field.Name is "orderNo" or "payTransactionId" or "logisticsNo" ? target[field.Name] + text : text;
                yield return (document, inLine ? $"/{message.LineMember}/0/{field.Name}" : $"/{field.Name}", Refused.Contains(text));
            }
        }
    }

    private JsonObject Good(CebMessage message)
    {
        var number = Documents.NewNumber();
        var document = message.Type switch
        {
            "CEB311" => system.Order(number),
            "CEB411" => Documents.Payment(number),
            "CEB511" => Documents.Waybill(number),
            _ => Documents.Status(number),
        };
        if (message.Type != "CEB311")
        {
            document[message.Type == "CEB411" ? "payCode" : "logisticsCode"] = system.Attacker;
        }

        return document;
    }

    private static (string Role, string Path) Sender(CebMessage message) => message.Type switch
    {
        "CEB311" => ("platform", "/v1/orders"),
        "CEB411" => ("payment", "/v1/payments"),
        "CEB511" => ("logistics", "/v1/waybills"),
        _ => ("logistics", "/v1/waybill-statuses"),
    };

    private async Task<List<(string Route, JsonNode Operation)>> OperationsAsync()
    {
        var document = (await system.Doors[0].SendAsync("GET", null, "/openapi/v1.json")).Json;
        return
        [
            .. document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject()
                .Where(one => AuthorizationTests.Matrix.ContainsKey($"{one.Key} {path.Key}"))
                .Select(one => ($"{one.Key} {path.Key}", one.Value!))),
        ];
    }

    private string KeyOf(string route) => AuthorizationTests.Matrix[route] switch
    {
        AuthorizationTests.Open or "all" => system.Keys["operator"],
        var roles => system.Keys[roles.Split(' ')[0]],
    };

    private string Located(string path, string absent) => path
        .Replace("{ebpCode}", system.Attacker, Ordinal).Replace("{ebcCode}", system.Attacker, Ordinal).Replace("{code}", system.Attacker, Ordinal)
        .Replace("{orderNo}", absent, Ordinal).Replace("{itemNo}", absent, Ordinal).Replace("{id}", absent, Ordinal);

    /// <summary>Calls both doors in turn, eight requests at a time.</summary>
    private async Task CallAsync<T>(IEnumerable<T> requests, Func<Door, T, Task<string>> call)
    {
        var wrong = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Parallel.ForEachAsync(requests.Select((one, at) => (one, at)), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (request, _) =>
        {
            var fault = await call(system.Doors[request.at % system.Doors.Count], request.one);
            if (fault.Contains('!', Ordinal) || fault == "no answer")
            {
                wrong.Add($"{request.one} {fault}");
            }
        });
        Assert.Empty(wrong);
    }

    /// <summary>With an exclamation mark where an answer is not as it must be.</summary>
    private static string Fault(Answer answer)
    {
        var status = (int)answer.Status;
        var isTold = status < 400 || answer.Text.Length == 0 // Kestrel's own refusals have no body
            || (answer.MediaType.StartsWith("application/problem+json", Ordinal) && answer.Json["code"] is not null)
            || (answer.MediaType.StartsWith("application/xml", Ordinal) && answer.Text.Contains("<CEB900Message", Ordinal));
        return status >= 500 || !isTold ? $"! {status} {answer.MediaType} {answer.Text}" : "";
    }

    /// <summary>Pointers to every string in a body.</summary>
    private static IEnumerable<string> Strings(JsonNode node, string at = "") => node switch
    {
        JsonObject one => one.Where(pair => pair.Value is not null).SelectMany(pair => Strings(pair.Value!, $"{at}/{pair.Key}")),
        JsonArray many => many.SelectMany((item, index) => Strings(item!, string.Create(CultureInfo.InvariantCulture, $"{at}/{index}"))),
        _ => [at],
    };

    private static string Replaced(JsonNode body, string pointer, string token)
    {
        var changed = body.DeepClone();
        var parts = pointer.Split('/')[1..];
        var parent = parts[..^1].Aggregate(changed, (node, part) => node is JsonArray many ? many[int.Parse(part, CultureInfo.InvariantCulture)]! : node[part]!);
        if (parent is JsonArray list)
        {
            list[int.Parse(parts[^1], CultureInfo.InvariantCulture)] = "@token@";
        }
        else
        {
            parent[parts[^1]] = "@token@";
        }

        return changed.ToJsonString().Replace("\"@token@\"", token, Ordinal);
    }

    /// <summary>The tables are there, nothing was unexpected, nobody has forged a line, and no value stands in the log.</summary>
    private async Task ExpectHarmlessAsync()
    {
        foreach (var (service, table) in ((string, string)[])[("order", "document"), ("payment", "document"), ("waybill", "document"), ("registry", "company")])
        {
            await using var database = system.Installation.Database(service);
            await using var count = database.CreateCommand($"SELECT count(*) FROM {table}");
            Assert.IsType<long>(await count.ExecuteScalarAsync());
        }

        foreach (var service in (string[])["matcher", "tax", "customs", "credit", "statistics"])
        {
            await using var database = system.Installation.Database(service);
            await using var parked = database.CreateCommand("SELECT string_agg(left(parked::text, 500), ' ') FROM parked");
            Assert.IsType<DBNull>(await parked.ExecuteScalarAsync()); // what could not be worked in
        }

        system.AssertNothingUnexpected();
        Assert.DoesNotContain(Mark, system.Log, Ordinal);
        Assert.DoesNotContain(
            system.Log.Split('\n', '\r', '\u0085', '\u2028', '\u2029', '\v', '\f'), line => line.StartsWith(Forged, Ordinal));
    }
}
