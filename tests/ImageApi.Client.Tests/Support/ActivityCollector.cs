using System.Collections.Concurrent;
using System.Diagnostics;

namespace ImageApi.Client.Tests.Support;

/// <summary>The finished spans of one source, by default the library's, that are about one server: tests run beside each other.</summary>
internal sealed class ActivityCollector : IDisposable
{
    private readonly ConcurrentQueue<Activity> _activities = [];
    private readonly ActivityListener _listener;

    public ActivityCollector(Uri server, string name = "ImageApi.Client")
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == name,
            Sample = static (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("server.port") is int port && port == server.Port)
                {
                    _activities.Enqueue(activity);
                }
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public IReadOnlyList<Activity> Activities => [.. _activities];

    public Activity Single => Assert.Single(Activities);

    public void Dispose() => _listener.Dispose();
}
