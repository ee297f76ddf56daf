using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ImageApi.Client.Soak;

/// <summary>The positive control: an ordinary HttpClient with the platform's stock retries, as many applications have it.</summary>
internal sealed class NaiveClient : ISoakClient
{
    private const int MaxPolls = 30;
    private readonly HttpClient _http;

    public NaiveClient(ServerProcess server)
    {
        var retries = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new HttpRetryStrategyOptions { Delay = TimeSpan.FromMilliseconds(2) })
            .Build();
        _http = new HttpClient(new ResilienceHandler(retries) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = server.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.ApiKey);
    }

    public async Task<CallOutcome> CallAsync(int number, string prompt, CancellationToken cancellationToken)
    {
        try
        {
            return number % 2 == 0 ? await GenerateAsync(prompt, cancellationToken) : await RunJobAsync(prompt, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException)
        {
            return CallOutcome.Ambiguous;
        }
        catch (OperationCanceledException)
        {
            return CallOutcome.TimedOut;
        }
    }

    public void Dispose() => _http.Dispose();

    private static StringContent JsonBody(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task<CallOutcome> GenerateAsync(string prompt, CancellationToken cancellationToken)
    {
        using var body = JsonBody($$"""{"model":"gpt-image-2","prompt":"{{prompt}}"}""");
        using var response = await _http.PostAsync(new Uri("v1/images/generations", UriKind.Relative), body, cancellationToken);
        return response.IsSuccessStatusCode ? CallOutcome.Succeeded : CallOutcome.Rejected;
    }

    private async Task<CallOutcome> RunJobAsync(string prompt, CancellationToken cancellationToken)
    {
        using var body = JsonBody($$$"""{"model":"gpt-image-2","input":{"prompt":"{{{prompt}}}"}}""");
        using var response = await _http.PostAsync(new Uri("v1/jobs", UriKind.Relative), body, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            return CallOutcome.Rejected;
        }

        using var job = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        var id = job.RootElement.GetProperty("id").GetString();
        for (var i = 0; i < MaxPolls; i++)
        {
            using var state = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"v1/jobs/{id}", UriKind.Relative), cancellationToken));
            if (state.RootElement.TryGetProperty("output", out _))
            {
                return CallOutcome.Succeeded;
            }
        }

        return CallOutcome.JobFailed;
    }
}
