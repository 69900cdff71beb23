// Tunes a logistic regression on the tumours of examples/data, by cross-validation.
//
//   cmake -S examples/cpp -B build/cpp && cmake --build build/cpp -j
//   build/cpp/worker --server localhost:8080 --token at_... --data examples/data/breast-cancer.csv --trials 40
//
// The worker asks for hyperparameters, reports the mean loss after each fold, stops where the server says so, and tells the outcome.
// Start it several times to work side by side. The token needs the scope `edit`, as the worker creates the study.
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <stdexcept>
#include <thread>

#include "client.h"
#include "logistic.h"

using namespace asktell::v1;

namespace {

constexpr int kFolds = 10;

std::map<std::string, std::string> read_arguments(int count, char** words) {
    const char* token = std::getenv("ASKTELL_TOKEN");
    std::map<std::string, std::string> arguments = {
        {"--server", "localhost:8080"}, {"--token", token == nullptr ? "" : token},          {"--study", "tumours-cpp"},
        {"--trials", "40"},             {"--data", "examples/data/breast-cancer.csv"}};
    for (int i = 1; i < count; i += 2) {
        if (arguments.count(words[i]) == 0 || i + 1 == count) {
            throw std::runtime_error(std::string("what is ") + words[i] +
                                     "? Known: --server --token --study --trials --data, each with a value");
        }
        arguments[words[i]] = words[i + 1];
    }
    return arguments;
}

void add_real(Study& study, const std::string& name, double low, double high) {
    Parameter* parameter = study.add_parameters();
    parameter->set_name(name);
    parameter->mutable_real()->set_low(low);
    parameter->mutable_real()->set_high(high);
    parameter->mutable_real()->set_log(true);
}

CreateStudyRequest study_request(const std::string& id, int trials) {
    CreateStudyRequest request;
    request.set_study_id(id);
    request.set_allow_existing(true);
    Study& study = *request.mutable_study();
    study.set_display_name("Elastic net on tumours");
    add_real(study, "l1", 1e-5, 1);
    add_real(study, "l2", 1e-5, 1);
    Parameter* transform = study.add_parameters();
    transform->set_name("transform");
    for (const char* choice : {"none", "sqrt", "log"}) {
        transform->mutable_categorical()->add_choices()->set_string_value(choice);
    }
    Parameter* squares = study.add_parameters();
    squares->set_name("squares");
    for (bool choice : {false, true}) squares->mutable_categorical()->add_choices()->set_bool_value(choice);
    study.add_objectives()->set_name("log_loss");
    study.mutable_pruner()->mutable_median()->set_warmup_steps(3);
    study.set_max_trials(trials);
    study.mutable_lease_duration()->set_seconds(60);
    return request;
}

Hyperparameters read_params(const Trial& trial) {
    const auto& params = trial.params().fields();
    return {params.at("l1").number_value(), params.at("l2").number_value(), params.at("transform").string_value(),
            params.at("squares").bool_value(), 500};
}

void run_trial(Client& client, const Trial& trial, const Table& table) {
    const Hyperparameters settings = read_params(trial);
    TellTrialRequest tell;
    tell.set_trial(trial.name());
    tell.set_lease_token(trial.lease_token());
    tell.set_request_id(new_request_id());
    double sum = 0;
    for (int fold = 0; fold < kFolds; ++fold) {
        sum += fold_loss(table, settings, fold, kFolds);
        ReportTrialRequest report;
        report.set_trial(trial.name());
        report.set_lease_token(trial.lease_token());
        report.set_step(fold + 1);
        report.add_values(sum / (fold + 1));
        const ReportTrialResponse advice = client.report(report);
        if (!advice.should_stop()) continue;
        if (advice.reason() != STOP_REASON_PRUNED) {
            std::cout << "trial " << trial.number() << ": dropped: " << advice.message() << std::endl;
            return;
        }
        tell.set_state(TRIAL_STATE_PRUNED);
        client.tell(tell);
        std::cout << "trial " << trial.number() << ": pruned after fold " << fold + 1 << std::endl;
        return;
    }
    tell.add_values(sum / kFolds);
    client.tell(tell);
    std::cout << "trial " << trial.number() << ": log loss " << sum / kFolds << std::endl;
}

void work(Client& client, const std::string& study, const Table& table) {
    char host[256] = "";
    gethostname(host, sizeof host - 1);
    const std::string worker = std::string(host) + "-" + std::to_string(getpid());
    for (;;) {
        AskTrialsRequest ask;
        ask.set_study(study);
        ask.set_worker(worker);
        ask.set_request_id(new_request_id());
        ask.mutable_max_wait()->set_seconds(10);
        const AskTrialsResponse answer = client.ask(ask);
        for (const Trial& trial : answer.trials()) run_trial(client, trial, table);
        if (answer.trials_size() > 0) continue;
        if (answer.study_state() == STUDY_STATE_FINISHED) return;
        const auto pause = std::chrono::milliseconds(answer.retry_after().seconds() * 1000 + 100);
        std::this_thread::sleep_for(pause);
    }
}

}  // namespace

int main(int count, char** words) {
    try {
        auto arguments = read_arguments(count, words);
        const Table table = read_table(arguments["--data"]);
        Client client(arguments["--server"], arguments["--token"]);
        const std::string name =
            client.create(study_request(arguments["--study"], std::stoi(arguments["--trials"]))).study().name();
        std::cout << "study " << name << ", " << table.labels.size() << " rows" << std::endl;
        work(client, name, table);

        GetStudyRequest request;
        request.set_study(name);
        const Study study = client.get(request).study();
        if (!study.has_best_trial()) throw std::runtime_error("no trial completed");
        GetTrialRequest best;
        best.set_trial(name + "/trials/" + std::to_string(study.best_trial()));
        const Trial trial = client.get(best).trial();
        std::cout << study.trial_counts().completed() << " completed, " << study.trial_counts().pruned() << " pruned\n"
                  << "best: trial " << trial.number() << ", log loss " << trial.values(0) << std::endl;
        return 0;
    } catch (const std::exception& error) {
        std::cerr << error.what() << std::endl;
        return 1;
    }
}
