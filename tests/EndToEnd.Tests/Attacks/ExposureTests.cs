using System.Net;
using System.Text.Json.Nodes;
using Npgsql;

namespace Sandan.EndToEnd.Tests.Attacks;

/// <summary>What an answer shows beside its content, and what becomes of keys.</summary>
[Collection("under attack")]
public sealed class ExposureTests(UnderAttack system)
{
    private const StringComparison Ordinal = StringComparison.Ordinal;

    public static TheoryData<string> Routes => [.. AuthorizationTests.Matrix.Keys];

    [Theory]
    [MemberData(nameof(Routes))]
    public async Task No_page_of_another_origin_may_read_an_answer_and_no_answer_says_more_than_it_must(string route)
    {
        var (method, path) = (route.Split(' ')[0].ToUpperInvariant(), Path(route.Split(' ')[1]));
        var may = AuthorizationTests.Matrix[route];
        var role = may is AuthorizationTests.Open or "all" ? "platform" : may.Split(' ')[0];
        foreach (var door in system.Doors)
        {
            var body = method == "POST" ? "{}" : "";
            foreach (var (asked, key) in ((string, string?)[])[(method, system.Keys[role]), (method, null), ("OPTIONS", system.Keys[role]), ("OPTIONS", null)])
            {
                using var connection = await RawConnection.OpenAsync(door.Address);
                var authorization = key is null ? "" : $"Authorization: Bearer {key}\r\n";
                await connection.WriteAsync(
                    $"{asked} {path} HTTP/1.1\r\nHost: x\r\n{authorization}Origin: https://evil.example\r\nAccess-Control-Request-Method: {method}\r\n"
                    + $"Access-Control-Request-Headers: Authorization\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}");
                var answer = (await connection.ReadAsync())!;
                Assert.True(answer.Status < 500, answer.ToString());
                Assert.True(asked != "OPTIONS" || answer.Status >= 400, $"OPTIONS {path}: {answer}");
                foreach (var name in (string[])["Access-Control-", "Server:", "X-Powered-By", "X-AspNet", "Set-Cookie"])
                {
                    Assert.DoesNotContain("\r\n" + name, answer.Head, StringComparison.OrdinalIgnoreCase);
                }

                Assert.Equal("nosniff", answer.Header("X-Content-Type-Options"));
                Assert.DoesNotContain("   at Sandan.", answer.Body, Ordinal);
                if (path.StartsWith("/v1/", Ordinal) && may != AuthorizationTests.Open)
                {
                    Assert.Equal("no-store", answer.Header("Cache-Control"));
                }
            }
        }
    }

    [Fact]
    public async Task A_key_is_changed_without_a_refused_request_and_the_old_one_then_opens_nothing()
    {
        var door = system.Doors[1];
        var client = system.Doors[0].Client;
        var path = $"/v1/companies/{system.Attacker}/keys";
        var oldKey = system.Keys["declarant"]; // of a role in which nothing else is attacked
        var current = oldKey;
        var refused = new List<string>();
        using var end = new CancellationTokenSource();
        var sending = Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var answer = await door.SendAsync("GET", Volatile.Read(ref current), "/v1/consignments");
                if (answer.Status != HttpStatusCode.OK)
                {
                    refused.Add(answer.ToString());
                }
            }
        });

        var made = await client.PostAsync("operator", path, new JsonObject { ["role"] = "declarant", ["environment"] = "test" });
        var newKey = made.Json["key"]!.ToString();
        foreach (var key in (string[])[oldKey, newKey, oldKey])
        {
            Assert.Equal(HttpStatusCode.OK, (await door.SendAsync("GET", key, "/v1/consignments")).Status); // both at once
        }

        Volatile.Write(ref current, newKey);
        await Task.Delay(100); // the last request with the old one
        var gone = await client.SendAsync(HttpMethod.Delete, client.Key("operator"), $"{path}/{oldKey.Split('_')[2]}", null);
        Assert.Equal(HttpStatusCode.NoContent, gone.Status);
        await Eventually.BecomesAsync(
            () => door.SendAsync("GET", oldKey, "/v1/consignments"), answer => answer.Status == HttpStatusCode.Unauthorized, "the old key opens nothing");
        await end.CancelAsync();
        await sending;
        Assert.Empty(refused);
    }

    [Fact]
    public async Task The_secret_of_no_key_stands_in_a_database_or_a_log()
    {
        var secrets = system.Keys.Values.Select(key => key.Split('_')[3]).ToArray();
        foreach (var service in (string[])["registry", "order", "matcher", "customs"])
        {
            await using var database = system.Installation.Database(service);
            await using var list = database.CreateCommand(
                "SELECT table_name::text FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'");
            var tables = new List<string>();
            await using (var rows = await list.ExecuteReaderAsync())
            {
                while (await rows.ReadAsync())
                {
                    tables.Add(rows.GetString(0));
                }
            }

            Assert.NotEmpty(tables);
            foreach (var table in tables)
            {
                await using var find = database.CreateCommand(
                    $"SELECT count(*) FROM \"{table}\" AS t, unnest($1::text[]) AS secret WHERE strpos(t::text, secret) > 0 OR strpos(t::text, encode(secret::bytea, 'hex')) > 0");
                find.Parameters.Add(new NpgsqlParameter { Value = secrets });
                Assert.True((long)(await find.ExecuteScalarAsync())! == 0, $"A secret stands in {service}.{table}.");
            }
        }

        Assert.All(secrets, secret => Assert.DoesNotContain(secret, system.Log, Ordinal));
    }

    private string Path(string path) => path
        .Replace("{ebpCode}", system.Attacker, Ordinal).Replace("{orderNo}", "NOT-THERE", Ordinal).Replace("{ebcCode}", system.Attacker, Ordinal)
        .Replace("{itemNo}", "NOT-THERE", Ordinal).Replace("{id}", "notthere", Ordinal)
        .Replace("{code}", path.StartsWith("/v1/codes", Ordinal) ? "1332" : system.Attacker, Ordinal);
}
