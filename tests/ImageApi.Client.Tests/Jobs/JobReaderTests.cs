using ImageApi.Client.Http;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobReaderTests
{
    [Theory]
    [InlineData("""{ "id": "a" }""")]
    [InlineData("""{ "job_id": "a" }""")]
    [InlineData("""{ "task_id": "a" }""")]
    [InlineData("""{ "id": "a", "task_id": "b" }""")]
    [InlineData("""{ "id": null, "job_id": "a" }""")]
    [InlineData("""{ "id": "", "task_id": "a" }""")]
    [InlineData("""{ "id": {}, "task_id": "a" }""")]
    [InlineData("""{ "id": "a", "id": null }""")]
    [InlineData("""{ "id": "a", "id": "a" }""")]
    [InlineData("""{ "data": { "id": "a" } }""")]
    [InlineData("""{ "code": 0, "msg": "ok", "data": { "task_id": "a", "task_status": "queued" } }""")]
    [InlineData("""{ "status": "success", "data": { "task_id": "a" } }""")]
    [InlineData("""{ "status": 200, "data": { "job_id": "a", "status": "queued" } }""")]
    public void The_id_is_found(string json) => Assert.Equal("a", Answers.Job(json).Id);

    [Theory]
    [InlineData("""{ "id": 17 }""", "17")]
    [InlineData("""{ "id": 12345678901234567890123 }""", "12345678901234567890123")]
    [InlineData("""{ "task_id": 1.0 }""", "1.0")]
    public void A_number_as_id_becomes_its_text(string json, string id) => Assert.Equal(id, Answers.Job(json).Id);

    [Theory]
    [InlineData("""{ "request_id": "req_1" }""")]
    [InlineData("""{ "status": "queued" }""")]
    [InlineData("""{ "id": null }""")]
    [InlineData("""{ "id": "  " }""")]
    [InlineData("""{ "id": [ "a" ] }""")]
    [InlineData("{}")]
    [InlineData("\"a\"")]
    [InlineData("17")]
    [InlineData("true")]
    public void An_answer_to_a_submission_without_id_is_unreadable(string json) =>
        Assert.Equal("Unreadable", Assert.Throws<AnswerException>(() => Answers.Job(json)).End.ToString());

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData(" \r\n\t")]
    public void S2_no_content_is_no_answer(string json) =>
        Assert.Equal("Empty", Assert.Throws<AnswerException>(() => Answers.Job(json)).End.ToString());

    [Fact]
    public void Two_different_ids_contradict_one_another_and_are_both_named()
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Job("""{ "id": "job_a", "id": "job_b" }"""));

        Assert.Equal("Contradictory", thrown.End.ToString());
        Assert.Contains("job_a, job_b", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void J1_another_jobs_id_is_refused() =>
        Assert.Equal("Contradictory", Assert.Throws<AnswerException>(() => Answers.Job("""{ "id": "b", "status": "done" }""", "a")).End.ToString());

    [Fact]
    public void J1_another_jobs_id_can_be_put_up_with() =>
        Assert.Equal("a", Answers.Job("""{ "id": "b", "status": "done" }""", "a", rejectForeignJobs: false).Id);

    [Fact]
    public void S9_a_state_without_id_is_of_the_job_that_was_asked_for() => Assert.Equal("a", Answers.Job("""{ "status": "done" }""", "a").Id);

    [Theory]
    [InlineData("""{ "id": "a", "status": "done" }""", "done")]
    [InlineData("""{ "id": "a", "state": "done" }""", "done")]
    [InlineData("""{ "id": "a", "task_status": "done" }""", "done")]
    [InlineData("""{ "id": "a", "output": { "status": "done" } }""", "done")]
    [InlineData("""{ "id": "a", "status": "done", "output": { "status": "running" } }""", "done")]
    [InlineData("""{ "id": "a", "status": null, "state": "done" }""", "done")]
    [InlineData("""{ "id": "a", "status": {}, "state": "done" }""", "done")]
    [InlineData("""{ "id": "a", "status": "Hibernating" }""", "Hibernating")]
    [InlineData("""{ "id": "a", "status": 3 }""", "3")]
    [InlineData("""{ "id": "a" }""", "")]
    [InlineData("""{ "id": "a", "status": true }""", "")]
    [InlineData("""{ "id": "a", "status": "a\nb" }""", "")]
    public void The_status_is_kept_as_sent(string json, string status) => Assert.Equal(status, Answers.Job(json).Status.Value);

    [Theory]
    [InlineData("""{ "id": "a", "status": "succeeded" }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": "no" } }""", JobState.Failed)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": "no", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "code": "x" } }""", JobState.Failed)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": null }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": "" }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": {} }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": " ", "code": null } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": "", "code": "" } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "succeeded", "error": { "message": "", "code": 0 } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "hibernating", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Succeeded)]
    [InlineData("""{ "id": "a", "status": "hibernating", "error": "no" }""", JobState.Failed)]
    [InlineData("""{ "id": "a", "status": "hibernating", "error": "" }""", JobState.Unknown)]
    [InlineData("""{ "id": "a", "status": "hibernating" }""", JobState.Unknown)]
    [InlineData("""{ "id": "a", "status": 3 }""", JobState.Unknown)]
    [InlineData("""{ "id": "a", "status": "processing", "output": { "images": [ { "url": "https://e.x/preview" } ] } }""", JobState.Running)]
    [InlineData("""{ "id": "a", "status": "queued", "output": { "images": [ { "url": "https://e.x/preview" } ] } }""", JobState.Pending)]
    [InlineData("""{ "id": "a", "status": "processing", "error": "a warning" }""", JobState.Running)]
    [InlineData("""{ "id": "a", "status": "failed", "output": { "images": [ { "url": "https://e.x/a" } ] } }""", JobState.Failed)]
    public void The_state_is_corrected_by_evidence_only(string json, JobState state) => Assert.Equal(state, Answers.Job(json).State);

    [Theory]
    [InlineData("""{ "id": "a", "status": "hibernating", "input": { "image_url": { "mime_type": "image/png", "data_base64": "AQID" } } }""")]
    [InlineData("""{ "id": "a", "status": "hibernating", "input": { "image_url": "data:image/png;base64,AQID" } }""")]
    [InlineData("""{ "id": "a", "status": "hibernating", "output": "nearly there" }""")]
    [InlineData("""{ "id": "a", "status": "hibernating", "output": { "images": [ { "error": "blocked" } ] } }""")]
    public void What_is_no_output_is_no_evidence_of_success(string json) => Assert.Equal(JobState.Unknown, Answers.Job(json).State);

    [Theory]
    [InlineData("1710000000")]
    [InlineData("1710000000.0")]
    [InlineData("1.71e9")]
    [InlineData("1710000000000")]
    [InlineData("\"1710000000\"")]
    [InlineData("\"1710000000000\"")]
    [InlineData("\"2024-03-09T16:00:00Z\"")]
    [InlineData("\"2024-03-09T16:00:00\"")]
    [InlineData("\"2024-03-09T17:00:00+01:00\"")]
    public void The_time_of_creation_is_read_in_every_form(string created) =>
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), Answers.Job($$"""{ "id": "a", "created": {{created}} }""").CreatedAt);

    [Fact]
    public void The_time_of_creation_may_have_its_other_name() =>
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), Answers.Job("""{ "id": "a", "created": null, "created_at": 1710000000 }""").CreatedAt);

    [Fact]
    public void A_fraction_of_a_second_is_kept() =>
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1710000000500), Answers.Job("""{ "id": "a", "created": 1710000000.5 }""").CreatedAt);

    [Theory]
    [InlineData("null")]
    [InlineData("1e30")]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("\"yesterday\"")]
    [InlineData("\"NaN\"")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("true")]
    [InlineData("\"\"")]
    public void S8_an_unreadable_time_of_creation_is_none(string created) =>
        Assert.Null(Answers.Job($$"""{ "id": "a", "created": {{created}} }""").CreatedAt);

    [Theory]
    [InlineData("0", 0.0)]
    [InlineData("50", 50.0)]
    [InlineData("99.5", 99.5)]
    [InlineData("\"50\"", 50.0)]
    [InlineData("\"50%\"", 50.0)]
    [InlineData("\" 50 % \"", 50.0)]
    [InlineData("100", 100.0)]
    [InlineData("101", null)]
    [InlineData("-1", null)]
    [InlineData("\"half\"", null)]
    [InlineData("null", null)]
    [InlineData("{}", null)]
    [InlineData("1e400", null)]
    public void Progress_is_a_number_of_percent(string progress, double? expected) =>
        Assert.Equal(expected, Answers.Job($$"""{ "id": "a", "progress": {{progress}} }""").Progress);

    [Theory]
    [InlineData("""{ "id": "a", "request_id": "req_body" }""", "req_body")]
    [InlineData("""{ "request_id": "req_body", "data": { "id": "a", "request_id": "req_inner" } }""", "req_body")]
    [InlineData("""{ "data": { "id": "a", "request_id": "req_inner" } }""", "req_inner")]
    [InlineData("""{ "id": "a", "request_id": "" }""", "req_header")]
    [InlineData("""{ "id": "a" }""", "req_header")]
    public void The_request_id_of_the_body_goes_before_that_of_the_headers(string json, string requestId) =>
        Assert.Equal(requestId, Answers.Job(json).RequestId);

    [Fact]
    public void Unknown_members_are_kept()
    {
        var job = Answers.Job("""{ "id": "a", "status": "queued", "queue_position": 7, "nested": { "x": [ 1 ] } }""");

        Assert.Equal(["nested", "queue_position"], job.AdditionalProperties.Keys.Order(StringComparer.Ordinal));
        Assert.Equal(7, job.AdditionalProperties["queue_position"].GetInt32());
    }

    [Theory]
    [InlineData("""{ "error": { "message": "no", "code": "x" } }""")]
    [InlineData("""{ "error": "no" }""")]
    [InlineData("""{ "data": { "error": "no" } }""")]
    public void S1_an_error_instead_of_a_job_is_a_refusal(string json)
    {
        var thrown = Assert.Throws<AnswerException>(() => Answers.Job(json));

        Assert.Equal("ErrorInside", thrown.End.ToString());
        Assert.Equal("no", thrown.Error!.Message);
        Assert.Null(thrown.Outcome);
    }

    [Theory]
    [InlineData("""{ "code": 0, "msg": "success", "data": null }""")]
    [InlineData("""{ "code": 200, "message": "ok" }""")]
    [InlineData("""{ "job": { "id": "abc" }, "detail": "accepted" }""")]
    [InlineData("""{ "job": { "id": "abc" }, "errors": [ "none" ] }""")]
    [InlineData("""{ "data": { "detail": { "message": "accepted" } } }""")]
    public void A_mere_message_instead_of_a_job_does_not_prove_that_nothing_was_bought(string json) =>
        Assert.Equal("Unreadable", Assert.Throws<AnswerException>(() => Answers.Job(json)).End.ToString());

    [Fact]
    public void S1_an_error_beside_an_id_does_not_lose_the_id()
    {
        var job = Answers.Job("""{ "id": "a", "error": { "message": "no", "code": "x", "type": "t" } }""");

        Assert.Equal(("a", JobState.Failed), (job.Id, job.State));
        Assert.Equal(("no", "x", "t"), (job.Error!.Message, job.Error.Code, job.Error.Type));
    }

    [Fact]
    public void A_broken_picture_does_not_lose_the_id()
    {
        var job = Answers.Job("""{ "id": "a", "status": "succeeded", "output": { "images": [ { "b64_json": "not base64!" }, { "b64_json": "AQID" } ] } }""");

        Assert.Equal("a", job.Id);
        Assert.NotNull(job.Output.Images[0].Error);
        Assert.Equal(new byte[] { 1, 2, 3 }, job.Output.Images[1].Data!.Value.ToArray());
    }

    [Fact]
    public void J8_a_failed_job_keeps_its_images() =>
        Assert.Single(Answers.Job("""{ "id": "a", "status": "failed", "output": { "images": [ { "url": "https://e.x/a" } ] } }""").Output.Images);
}
