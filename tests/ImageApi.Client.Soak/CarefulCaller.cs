using System.Collections.Concurrent;

namespace ImageApi.Client.Soak;

/// <summary>This library, used as anybody would.</summary>
internal sealed class CarefulCaller : ICaller
{
    private readonly ImageApiClient _client;
    private readonly string _directory;

    public CarefulCaller(ServerProcess server, string directory)
    {
        _directory = directory;
        _client = new ImageApiClient(new ImageApiClientOptions
        {
            BaseAddress = server.Address,
            ApiKey = server.Key,
            Retry = { BaseDelay = TimeSpan.FromMilliseconds(2), MaxDelay = TimeSpan.FromMilliseconds(20) },
            Timeouts = { Idle = TimeSpan.FromSeconds(2), Download = TimeSpan.FromSeconds(20) },
        });
    }

    /// <summary>Gets the links of some successes with the files they were saved to, to compare.</summary>
    public ConcurrentDictionary<string, string> Saved { get; } = new();

    /// <summary>Gets the errors that should not have come.</summary>
    public ConcurrentQueue<Exception> Surprises { get; } = new();

    public async Task<CallEnd> CallAsync(int number, string prompt, CancellationToken cancellationToken)
    {
        GeneratedMedia picture;
        try
        {
            picture = number % 2 == 0
                ? await GenerateAsync(number, prompt, cancellationToken)
                : await RunJobAsync(prompt, cancellationToken);
        }
        catch (ImageApiException e)
        {
            return Classify(e);
        }
        catch (OperationCanceledException)
        {
            return CallEnd.Hung;
        }

        try
        {
            var saved = await _client.Media.SaveAsync(picture, Path.Combine(_directory, $"{prompt}.png"), cancellationToken: cancellationToken);
            if (picture.Url is { } url && number % 100 == 2)
            {
                Saved[url] = saved.Path;
            }

            return CallEnd.Succeeded;
        }
        catch (ImageApiException e) when (e.Outcome == RequestOutcome.Accepted)
        {
            return CallEnd.DownloadFailed;
        }
        catch (OperationCanceledException)
        {
            return CallEnd.Hung;
        }
    }

    public void Dispose() => _client.Dispose();

    private async Task<GeneratedMedia> GenerateAsync(int number, string prompt, CancellationToken cancellationToken)
    {
        var format = number % 4 == 0 ? ImageResponseFormat.Base64 : ImageResponseFormat.Url;
        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = prompt, ResponseFormat = format }, cancellationToken: cancellationToken);
        return result.Images[0];
    }

    private async Task<GeneratedMedia> RunJobAsync(string prompt, CancellationToken cancellationToken)
    {
        var waiting = new JobWaitOptions
        {
            Timeout = TimeSpan.FromSeconds(4),
            FirstInterval = TimeSpan.FromMilliseconds(10),
            MaxInterval = TimeSpan.FromMilliseconds(100),
        };
        var job = await _client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = prompt } }, waiting, cancellationToken);
        return job.Output.Images[0];
    }

    private CallEnd Classify(ImageApiException error)
    {
        switch (error.Outcome)
        {
            case RequestOutcome.Unknown:
                return CallEnd.Ambiguous;
            case RequestOutcome.NotSent or RequestOutcome.Rejected:
                return CallEnd.Rejected;
            case RequestOutcome.Accepted when error.JobId is not null:
                return CallEnd.JobLost;
            default:
                Surprises.Enqueue(error);
                return CallEnd.IdLost;
        }
    }
}
