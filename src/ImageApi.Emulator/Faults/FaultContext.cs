using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator;

/// <summary>The request a fault may be chosen for. It was found to be valid, and nothing of it is accepted yet.</summary>
public sealed class FaultContext
{
    private readonly IHeaderDictionary _headers;

    internal FaultContext(EmulatorEndpoint endpoint, IHeaderDictionary headers)
    {
        Endpoint = endpoint;
        _headers = headers;
    }

    /// <summary>What the request is about.</summary>
    public EmulatorEndpoint Endpoint { get; }

    /// <summary>The prompt of the request, of its job or of its result; null for uploads.</summary>
    public string? Prompt { get; internal init; }

    /// <summary>The id of the job that the request queries or downloads from.</summary>
    public string? JobId { get; internal init; }

    /// <summary>The file it uploads or downloads.</summary>
    public string? FileName { get; internal init; }

    /// <summary>The how manieth request it is: of this prompt for paid requests, of this job for state queries, of this file for uploads and downloads.</summary>
    /// <value>1 for the first.</value>
    public int Attempt { get; internal set; } = 1;

    /// <summary>Returns the value of a header, or null. The API key is never returned.</summary>
    public string? Header(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);

        return name.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase) || !_headers.TryGetValue(name, out var value) ? null : value.ToString();
    }

    internal string Subject => Endpoint switch
    {
        EmulatorEndpoint.JobPoll => JobId!,
        EmulatorEndpoint.Upload or EmulatorEndpoint.MediaDownload => FileName!,
        _ => Prompt!,
    };
}
