using System.Net;

namespace Sandan.Stand;

/// <summary>Waits for programs to be ready.</summary>
internal static class Ready
{
    private static readonly TimeSpan PatienceMax = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    /// <exception cref="InvalidOperationException">One of them ended.</exception>
    /// <exception cref="OperationCanceledException">It took longer than two minutes.</exception>
    public static async Task WaitAsync(Uri address, IReadOnlyList<Child> children, string folder, CancellationToken ct)
    {
        using var http = new HttpClient();
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(PatienceMax);
        while (true)
        {
            if (children.FirstOrDefault(child => child.Process.HasExited) is { } dead)
            {
                throw new InvalidOperationException($"{dead.Name} ended: see {dead.Name.ToLowerInvariant()}.log in {folder}.");
            }

            try
            {
                using var answer = await http.GetAsync(new Uri(address, "/health/ready"), patience.Token);
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }

            await Task.Delay(Step, patience.Token);
        }
    }
}
