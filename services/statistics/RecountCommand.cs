using System.Text.Json;
using Sandan.Shared;
using Sandan.Shared.Http;
using Sandan.Shared.Storage;
using Sandan.Statistics.Storage;

namespace Sandan.Statistics;

/// <summary><c>dotnet Sandan.Statistics.dll recount</c>: the answer of the route on standard output.</summary>
internal static class RecountCommand
{
    /// <summary>0 where the counters are what the facts say, else 1.</summary>
    public static async Task<int> RunAsync(string[] args)
    {
        var configuration = new ConfigurationBuilder().AddEnvironmentVariables().AddCommandLine(args).Build();
        await using var database = Database.Open(SandanSettings.From(configuration), "statistics");
        var recount = await Recount.RunAsync(database, CancellationToken.None);
        await Console.Out.WriteLineAsync(JsonSerializer.Serialize(recount, Problems.Json));
        return recount.Equal ? 0 : 1;
    }
}
