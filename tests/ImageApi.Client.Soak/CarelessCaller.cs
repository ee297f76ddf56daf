using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Http.Resilience;
using Polly;

namespace ImageApi.Client.Soak;

/// <summary>The positive control: an ordinary HttpClient with the platform's stock retries, as many applications have it.</summary>
internal sealed class CarelessCaller : ICaller
{
    private const int MostQuestions = 30;
    private readonly HttpClient _http;

    public CarelessCaller(ServerProcess server)
    {
        var retries = new ResiliencePipelineBuilder<HttpResponseMessage>()
            .AddRetry(new HttpRetryStrategyOptions { Delay = TimeSpan.FromMilliseconds(2) })
            .Build();
        _http = new HttpClient(new ResilienceHandler(retries) { InnerHandler = new SocketsHttpHandler() }) { BaseAddress = server.Address };
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", server.Key);
    }

    public async Task<CallEnd> CallAsync(int number, string prompt, CancellationToken cancellationToken)
    {
        try
        {
            return number % 2 == 0 ? await GenerateAsync(prompt, cancellationToken) : await RunJobAsync(prompt, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or IOException)
        {
            return CallEnd.Ambiguous;
        }
        catch (OperationCanceledException)
        {
            return CallEnd.Hung;
        }
    }

    public void Dispose() => _http.Dispose();

    private static StringContent Body(string json) => new(json, Encoding.UTF8, "application/json");

    private async Task<CallEnd> GenerateAsync(string prompt, CancellationToken cancellationToken)
    {
        using var body = Body($$"""{"model":"gpt-image-2","prompt":"{{prompt}}"}""");
        using var answer = await _http.PostAsync(new Uri("v1/images/generations", UriKind.Relative), body, cancellationToken);
        return answer.IsSuccessStatusCode ? CallEnd.Succeeded : CallEnd.Rejected;
    }

    private async Task<CallEnd> RunJobAsync(string prompt, CancellationToken cancellationToken)
    {
        using var body = Body($$$"""{"model":"gpt-image-2","input":{"prompt":"{{{prompt}}}"}}""");
        using var answer = await _http.PostAsync(new Uri("v1/jobs", UriKind.Relative), body, cancellationToken);
        if (!answer.IsSuccessStatusCode)
        {
            return CallEnd.Rejected;
        }

        using var job = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancellationToken));
        var id = job.RootElement.GetProperty("id").GetString();
        for (var i = 0; i < MostQuestions; i++)
        {
            using var state = JsonDocument.Parse(await _http.GetStringAsync(new Uri($"v1/jobs/{id}", UriKind.Relative), cancellationToken));
            if (state.RootElement.TryGetProperty("output", out _))
            {
                return CallEnd.Succeeded;
            }
        }

        return CallEnd.JobLost;
    }
}
