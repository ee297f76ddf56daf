using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageApi.Client.Tests.Support;

/// <summary>Every tag and event of every activity of the process.</summary>
internal sealed class ActivityTextCollector : IDisposable
{
    private readonly ConcurrentQueue<string> _texts = [];
    private readonly ConcurrentQueue<string> _events = [];
    private readonly ActivityListener _listener;

    public ActivityTextCollector()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static _ => true,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                _texts.Enqueue(string.Join(' ', [activity.DisplayName, activity.StatusDescription, .. activity.TagObjects.Concat(activity.Baggage.Select(static item => KeyValuePair.Create(item.Key, (object?)item.Value))).Select(FormatTag)]));
                _events.Enqueue(string.Join(' ', activity.Events.SelectMany(static e => e.Tags).Select(FormatTag)));
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<string> Texts => [.. _texts];

    /// <summary>Gets what events tell, such as the exceptions that the platform records.</summary>
    public IReadOnlyList<string> Events => [.. _events];

    public void Dispose() => _listener.Dispose();

    private static string FormatTag(KeyValuePair<string, object?> tag) => $"{tag.Key}={tag.Value}";
}
