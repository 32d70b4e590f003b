"""Case work for community social services: BPMN diagrams are the program."""
