using System.Net.Http.Headers;
using System.Net.Http.Json;
using Sandan.Demo;

namespace Sandan.Chaos.Load;

/// <summary>Opens bonded accounts with little stock, so that inventories have to compete for it.</summary>
internal static class Accounts
{
    /// <summary>That enter, of each article of each account.</summary>
    public const int Pieces = 5;

    /// <exception cref="HttpRequestException">It was refused.</exception>
    public static async Task OpenAsync(Uri gateway, World world, Traffic traffic, CancellationToken ct)
    {
        using var http = new HttpClient { BaseAddress = gateway };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", world.CustomsKey);
        foreach (var account in traffic.Accounts)
        {
            var route = new Uri($"/v1/stock-accounts/{account}", UriKind.Relative);
            using var opened = await http.PutAsJsonAsync(route, new { areaCode = world.LogisticsCompanies[0].Code }, ct);
            opened.EnsureSuccessStatusCode();
            using var entered = await http.PostAsJsonAsync($"{route}/entries", Goods.Shop.Select(one => new
            {
                entryNo = one.ItemNo, itemRecordNo = one.ItemNo, gcode = one.HsCode, gname = one.Name, unit = one.Unit, qty = Pieces, kind = "entry",
            }), ct);
            entered.EnsureSuccessStatusCode();
        }
    }
}
